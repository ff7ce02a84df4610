import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OPERATIONS } from '@asa/contract';
import { buildApp } from '../src/app.ts';
import { startServer, type TestServer } from './harness.ts';

/** The declared operations and the registered routes are the same set. */

let server: TestServer;
before(async () => {
  server = await startServer();
});
after(() => server.close());

/** Not operations: the document itself and the docs pages. */
const OTHERS = ['GET /openapi.json', 'GET /docs', 'GET /docs/*', 'GET /.well-known/security.txt'];

test('every route is declared in the contract and every declared operation is a route', async () => {
  const routes: string[] = [];
  const app = buildApp(server.running.services, {
    trustProxy: false,
    onRoute: (method, url) => routes.push(`${method} ${url}`),
  });
  await app.ready();
  const declared = OPERATIONS.map(
    (operation) => `${operation.method} ${operation.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
  );
  assert.deepEqual(routes.toSorted(), [...declared, ...OTHERS].toSorted());
  await app.close();
});

test('the document is served with the public URL', async () => {
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as { servers: { url: string }[] };
  assert.deepEqual(document.servers, [{ url: server.running.url }]);
});
