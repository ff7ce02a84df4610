import type { FastifyInstance } from 'fastify';
import type { Services } from '../../services.ts';

const DAY_MS = 86_400_000;
/** The file says until when it can be trusted; RFC 9116 asks for less than a year. In days. */
const GOOD_FOR = 180;

/** `/.well-known/security.txt` (RFC 9116): where somebody who found a weakness turns to. */
export function registerSecurity(app: FastifyInstance, services: Services): void {
  app.get('/.well-known/security.txt', (_request, reply) =>
    reply
      .header('content-type', 'text/plain; charset=utf-8')
      .send(securityText(services.publicUrl(), services.securityContact, services.now())),
  );
}

/**
 * @param contact a `mailto:` or `https:` address of whoever runs the service; null: the section of the documentation that says where.
 * @param now milliseconds since the epoch.
 */
export function securityText(publicUrl: string, contact: string | null, now: number): string {
  const policy = `${publicUrl}/docs/guides/security`;
  const expires = new Date(Math.floor(now / DAY_MS) * DAY_MS + GOOD_FOR * DAY_MS).toISOString();
  return [
    `Contact: ${contact ?? `${policy}#report-a-weakness`}`,
    `Expires: ${expires}`,
    'Preferred-Languages: en',
    `Canonical: ${publicUrl}/.well-known/security.txt`,
    `Policy: ${policy}`,
    '',
  ].join('\n');
}
