import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { DOCS_FOLDER } from './docs.ts';

const GENERATOR = join(DOCS_FOLDER, '..', 'src', 'cli.ts');

/** A build under way. */
export interface Build {
  /** Settles when it is over; never rejects. */
  readonly done: Promise<void>;
  stop(): void;
}

/**
 * Builds the documentation beside the server when it is missing or stale. It runs in a process of its own with low priority: the
 * service answers meanwhile, and only a reader of the documentation waits.
 */
export function buildDocs(log: Logger): Build {
  if (!existsSync(GENERATOR)) return { done: Promise.resolve(), stop: () => undefined };
  const child = spawn(process.execPath, [GENERATOR], { stdio: ['ignore', 'pipe', 'pipe'], env: {} });
  lowerPriority(child.pid);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString().slice(0, 4000)));
  const done = once(child, 'exit').then(
    ([code]) => say(log, code as number | null, said),
    (error: unknown) => log.warn({ err: error }, 'the generator of the documentation could not be started'),
  );
  return { done, stop: () => child.kill('SIGKILL') };
}

/** A stopped one has no code, and nothing to say. */
function say(log: Logger, code: number | null, said: string): void {
  if (code === 0) log.debug('the documentation is there');
  else if (code !== null)
    log.warn({ said: said.slice(0, 2000) }, 'the documentation could not be built; "npm run docs:build" shows why');
}

/** What serves requests goes first. */
function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not every system lets one; the build is only less polite then.
  }
}
