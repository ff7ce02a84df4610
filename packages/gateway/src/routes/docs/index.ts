import type { FastifyInstance } from 'fastify';
import { ERRORS_PAGE } from '@asa/contract';
import { errorsHtml, errorsMarkdown } from '../../docs/errors-page.ts';
import { once } from '../../once.ts';
import type { Services } from '../../services.ts';

/** The documentation that the service serves itself. */
export function registerDocs(app: FastifyInstance, services: Services): void {
  const html = once(() => errorsHtml(services.publicUrl()));
  const markdown = once(() => errorsMarkdown(services.publicUrl()));
  app.get(ERRORS_PAGE, (_request, reply) =>
    reply
      .header('content-type', 'text/html; charset=utf-8')
      .header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      )
      .send(html()),
  );
  app.get(`${ERRORS_PAGE}.md`, (_request, reply) =>
    reply.header('content-type', 'text/markdown; charset=utf-8').send(markdown()),
  );
}
