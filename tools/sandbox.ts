import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram } from '../packages/gateway/test/process.ts';
import { temporaryDataFolder } from '../packages/store/src/testing.ts';

/** The real server with a fresh data folder, for what the clients' pages promise. */
export interface Sandbox {
  readonly url: string;
  /** A key of the sandbox. */
  readonly key: string;
  readonly adminToken: string;
  stop(): Promise<void>;
}

export async function startSandbox(env: Record<string, string> = {}): Promise<Sandbox> {
  const { dataDir, remove } = temporaryDataFolder({ name: 'sandbox' });
  const program = await startProgram(dataDir, env);
  return {
    url: program.url,
    key: (await program.keys()).test,
    adminToken: (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim(),
    async stop() {
      await program.stop('SIGTERM');
      await remove();
    },
  };
}
