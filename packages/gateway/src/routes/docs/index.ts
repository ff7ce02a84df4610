import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '@asa/contract';
import type { DocsFile, DocsSite } from '../../docs/site.ts';
import type { Services } from '../../services.ts';

const YEAR_S = 31_536_000;
const REFERENCE = /^reference(?:\.html)?$/;

/** The documentation that the service serves itself: no request of a page leaves this server. */
export function registerDocs(app: FastifyInstance, services: Services): void {
  app.get('/docs', (_request, reply) => reply.redirect('/docs/', 308));
  app.get('/docs/*', async (request, reply) => {
    const path = (request.params as { '*': string })['*'];
    const site = await services.docs.site();
    if (site === null)
      throw new ApiError('not_found', 'The documentation is not built here; "npm run docs:build" builds it.');
    const file = await site.file(path);
    if (file !== null) return send(request, reply, file, site, path);
    const missing = (request.headers.accept ?? '').includes('text/html') ? await site.file('404') : null;
    if (missing === null) throw new ApiError('not_found', `There is no page /docs/${path.slice(0, 200)}.`);
    return send(request, reply.code(404), missing, site, path);
  });
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  file: DocsFile,
  site: DocsSite,
  path: string,
): FastifyReply {
  reply
    .header('content-type', file.contentType)
    .header('etag', file.etag)
    .header('vary', 'accept-encoding')
    .header('cache-control', file.immutable ? `public, max-age=${YEAR_S}, immutable` : 'no-cache')
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer');
  if (file.contentType.startsWith('text/html'))
    reply.header('content-security-policy', REFERENCE.test(path) ? REFERENCE_POLICY : policyOf(site.scripts));
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  const packed = /\bbr\b/.test(request.headers['accept-encoding'] ?? '') ? file.brotli : null;
  return packed === null ? reply.send(file.body) : reply.header('content-encoding', 'br').send(packed);
}

const COMMON =
  "default-src 'none'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Nothing inline but the two scripts that the generator writes, by their hashes. */
const policyOf = (scripts: readonly string[]): string =>
  `${COMMON}; style-src 'self'; script-src 'self'${scripts.map((hash) => ` 'sha256-${hash}'`).join('')}`;

/** The viewer of the API reference sets its styles itself. */
const REFERENCE_POLICY = `${COMMON}; style-src 'self' 'unsafe-inline'; script-src 'self'; worker-src 'self' blob:`;
