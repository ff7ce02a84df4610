import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A real Redis or Valkey for a test. */
export interface TestRedis {
  readonly url: string;
  /** Stands still, as if its machine had frozen, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Ends at once, with all it knew. */
  kill(): Promise<void>;
  /** Starts again at the same address, empty. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const PROGRAMS = ['valkey-server', 'redis-server'];

/** The program of this machine; null, said loudly, when there is none. */
export function redisProgram(path: string): string | null {
  const folders = [...path.split(delimiter), '/usr/bin', '/usr/local/bin'];
  const found = folders
    .flatMap((folder) => PROGRAMS.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
  if (found === undefined) {
    console.error(
      `SKIPPED: none of ${PROGRAMS.join(', ')} is on this machine; nothing was tested with many nodes. Install redis-server.`,
    );
  }
  return found ?? null;
}

/** Starts one on a free port of this machine. Nothing is kept on disk. */
export async function startRedis(program: string): Promise<TestRedis> {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'asa-redis-'));
  let child = await launch(program, port, dir);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill,
    async restart() {
      await kill();
      child = await launch(program, port, dir);
    },
    async close() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function launch(program: string, port: number, dir: string): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir];
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'ignore'] });
  process.once('exit', () => child.kill('SIGKILL'));
  let printed = '';
  await new Promise<void>((ready, failed) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (/ready to accept connections/i.test(printed)) ready();
    });
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`${program} ended with ${code}: ${printed}`)));
  });
  return child;
}

/** A port that nothing listens on, a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
