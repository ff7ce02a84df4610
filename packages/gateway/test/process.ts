import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The real program in a process of its own, as `npm start` runs it, without a terminal. */
export interface Program {
  readonly child: ChildProcess;
  readonly url: string;
  /** Everything printed so far. */
  output(): string;
  /** Keys of the first start, from the file they were written to. */
  keys(): Promise<{ live: string; test: string }>;
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

const ENTRY = join(import.meta.dirname, '..', 'bin', 'start.js');

/** Starts the program; answers when it listens, or rejects with what it printed when it ends before. */
export async function startProgram(dataDir: string, env: Record<string, string> = {}): Promise<Program> {
  const child = spawn(process.execPath, [ENTRY], {
    env: { PATH: process.env['PATH'] ?? '', ASA_PORT: '0', ASA_DATA_DIR: dataDir, ASA_EXTRACT_THREADS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((found, failed) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = /listens on (http:\S+)/.exec(output)?.[1];
      if (match !== undefined) found(match);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code, signal) => failed(new Error(`the program ended with ${code ?? signal}: ${output}`)));
  });
  return {
    child,
    url,
    output: () => output,
    async keys() {
      const { live_key, test_key } = JSON.parse(await readFile(join(dataDir, 'first-keys.json'), 'utf8')) as {
        live_key: string;
        test_key: string;
      };
      return { live: live_key, test: test_key };
    },
    async stop(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill(signal);
      await once(child, 'exit');
      return child.exitCode;
    },
  };
}
