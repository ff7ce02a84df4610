import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** How long one build may take before somebody who waits gives up, in ms. */
const PATIENCE_MS = 180_000;
const LOOK_AGAIN_MS = 100;

/** Runs `work` while this process alone holds the lock, a folder with the process id in it. The lock of a dead process is taken over. */
export async function withLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  for (let waited = 0; !take(lock); waited += LOOK_AGAIN_MS) {
    if (waited > PATIENCE_MS)
      throw new Error(`Another build holds ${lock} for too long; delete it when none is running.`);
    await wait(LOOK_AGAIN_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (isAlive(lock)) return false;
    rmSync(lock, { recursive: true, force: true });
    return false; // Whoever is first at the next try has it.
  }
  writeFileSync(join(lock, 'pid'), String(process.pid));
  return true;
}

function isAlive(lock: string): boolean {
  let pid: number;
  try {
    pid = Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch {
    return true; // Just made: its id is still being written, or it has just gone.
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
