import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import type { TestContext } from 'node:test';
import { copyCluster } from '../src/embedded/cluster.ts';
import { openStore } from '../src/index.ts';
import type { StoreOptions } from '../src/index.ts';
import { temporaryDataFolder } from '../src/testing.ts';
import type { ChildSays } from './child.ts';

export const isRoot = process.getuid?.() === 0;

/** A data folder that is gone, with its database and whatever still runs on it, when the test has ended. */
export function dataFolder(t: TestContext, options: { private?: boolean; name?: string } = {}): string {
  const { dataDir, remove } = temporaryDataFolder(options);
  t.after(remove);
  return dataDir;
}

let ready: Promise<string> | undefined;

/** A data folder with a database in it, as a clean run leaves it; a copy of one made once in this process. */
export async function readyFolder(t: TestContext, options: { private?: boolean } = {}): Promise<string> {
  const source = await (ready ??= makeReady());
  const dataDir = dataFolder(t, options);
  mkdirSync(dataDir, { mode: 0o711 });
  await copyCluster(join(source, 'postgres'), join(dataDir, 'postgres'));
  return dataDir;
}

async function makeReady(): Promise<string> {
  const parent = mkdtempSync(join(tmpdir(), 'asa-store-'));
  process.once('exit', () => rmSync(parent, { recursive: true, force: true }));
  chmodSync(parent, 0o711);
  const dataDir = join(parent, 'data');
  await (await openStore({ databaseUrl: null, durable: false, dataDir })).close();
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
  const child = spawn(process.execPath, [join(import.meta.dirname, 'child.ts'), JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...spawning,
  });
  launched.add(child);
  return child;
}

// A test that fails half-way must not leave processes behind, nor wait for them.
const launched = new Set<ChildProcess>();
after(() => {
  for (const child of launched) child.kill('SIGKILL');
});

/** What a child said, when it opened the store. */
export function opened(child: Child): ChildSays & { open: true } {
  if (!child.says.open) throw new Error(child.says.message);
  return child.says;
}
