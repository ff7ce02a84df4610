/** The least a service of this framework can do: one route, a constant answer, no log. */
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';

/** What it tells when it is ready. */
export interface BareReady {
  readonly port: number;
}

const app = fastify({ logger: false });
app.get('/hello', () => ({ hello: 'world' }));
await app.listen({ host: '127.0.0.1', port: 0 });
const { port } = app.server.address() as AddressInfo;
process.send?.({ port } satisfies BareReady);
process.once('disconnect', () => process.exit());
