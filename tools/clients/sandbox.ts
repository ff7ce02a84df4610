import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDataFolder } from '../../packages/store/src/testing.ts';
import { startProgram } from '../../packages/gateway/test/process.ts';

/** The real service as a process of its own, for the tests of the clients. Its test key answers from the sandbox. */
export interface Sandbox {
  readonly url: string;
  readonly testKey: string;
  readonly liveKey: string;
  readonly adminToken: string;
  close(): Promise<void>;
}

export async function startSandbox(env: Record<string, string> = {}): Promise<Sandbox> {
  const { dataDir, remove } = temporaryDataFolder({ name: 'clients' });
  const program = await startProgram(dataDir, { ASA_LOG_LEVEL: 'silent', ...env });
  const { live, test } = await program.keys();
  return {
    url: program.url,
    liveKey: live,
    testKey: test,
    adminToken: (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim(),
    async close() {
      await program.stop('SIGTERM');
      await remove();
    },
  };
}
