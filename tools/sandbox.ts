import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram } from '../packages/gateway/test/process.ts';

/** The real server with a fresh data folder, for what the clients' pages promise. */
export interface Sandbox {
  readonly url: string;
  /** A key of the sandbox. */
  readonly key: string;
  stop(): Promise<void>;
}

export async function startSandbox(): Promise<Sandbox> {
  const dataDir = await mkdtemp(join(tmpdir(), 'asa-sandbox-'));
  const program = await startProgram(dataDir);
  return {
    url: program.url,
    key: (await program.keys()).test,
    async stop() {
      await program.stop('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
