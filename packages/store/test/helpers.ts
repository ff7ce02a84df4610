import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { stopLeftovers } from '../src/embedded/orphan.ts';
import { readPointer } from '../src/embedded/place.ts';
import type { StoreOptions } from '../src/index.ts';
import type { ChildSays } from './child.ts';

export const isRoot = process.getuid?.() === 0;

/**
 * A data folder that is gone, with its database and whatever still runs on it, when the test has ended. Other users may pass to it unless
 * it is private.
 */
export function dataFolder(t: TestContext, options: { private?: boolean; name?: string } = {}): string {
  const parent = mkdtempSync(join(tmpdir(), 'asa-store-'));
  chmodSync(parent, options.private ? 0o700 : 0o711);
  const dataDir = join(parent, options.name ?? 'data');
  t.after(async () => {
    mkdirSync(dataDir, { recursive: true });
    for (const folder of [(await readPointer(dataDir)) ?? dataDir, parent]) {
      await stopLeftovers(join(folder, 'postgres'));
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
  return dataDir;
}

export type Child = { process: ChildProcess; says: ChildSays; end: () => Promise<void>; kill: () => Promise<void> };

/** Starts a process that opens a store; resolves when it has told how that went. */
export async function startChild(options: StoreOptions, spawning: SpawnOptions = {}): Promise<Child> {
  const child = launch(options, spawning);
  const exit = once(child, 'exit');
  if (!child.stdout) throw new Error('the child has a standard output');
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exit.then(() => Promise.reject(new Error('the child ended without a word'))),
  ])) as [string];
  return {
    process: child,
    says: JSON.parse(line) as ChildSays,
    end: async () => {
      child.stdin?.end();
      await exit;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

export function launch(options: StoreOptions, spawning: SpawnOptions = {}): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'child.ts'), JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...spawning,
  });
}

/** What a child said, when it opened the store. */
export function opened(child: Child): ChildSays & { open: true } {
  if (!child.says.open) throw new Error(child.says.message);
  return child.says;
}
