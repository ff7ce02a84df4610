import { ensureBuilt } from '../src/build.ts';
import { startServer, type TestServer } from '../../../packages/gateway/test/harness.ts';

/** A real server with the built documentation, as a reader meets it. */
export async function startDocs(env: Record<string, string> = {}): Promise<TestServer> {
  await ensureBuilt(() => undefined);
  return await startServer(env);
}
