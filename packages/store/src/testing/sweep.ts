import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from '../embedded/lock.ts';
import { stopLeftovers } from '../embedded/orphan.ts';
import { readPointer } from '../embedded/place.ts';
import { codeOf, StoreError } from '../errors.ts';

/** How the data folders of test servers begin. */
export const PREFIX = 'asa-test-';
// Younger ones may not be locked yet.
const YOUNG_MS = 60_000;

/** Removes what test processes that were killed left behind. */
export async function sweep(): Promise<void> {
  for (const name of (await readdir(tmpdir())).filter((entry) => entry.startsWith(PREFIX))) {
    const dataDir = join(tmpdir(), name);
    try {
      if (Date.now() - (await stat(dataDir)).mtimeMs < YOUNG_MS) continue;
      const lock = await lockFolder(dataDir, 0);
      for (const folder of [(await readPointer(dataDir)) ?? dataDir, dataDir]) {
        await stopLeftovers(join(folder, 'postgres'));
        await rm(folder, { recursive: true, force: true });
      }
      lock.release();
    } catch (error) {
      // In use, another user's, or gone meanwhile.
      if (!(error instanceof StoreError) && !['ENOENT', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
    }
  }
}
