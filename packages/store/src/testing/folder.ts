import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopLeftovers } from '../embedded/orphan.ts';
import { readPointer } from '../embedded/place.ts';

export type DataFolder = {
  /** Not there yet, as at a first start. */
  dataDir: string;
  /** Removes it with its database, wherever that lies, and stops what still runs on it. */
  remove: () => Promise<void>;
};

/**
 * A data folder for tests that start whole servers. (A plain `mkdtemp` folder is closed to others, so that a server of root puts its
 * database outside, where it would stay.)
 * @param options.private as such a folder is: for the tests of that very case.
 */
export function temporaryDataFolder(options: { private?: boolean; name?: string } = {}): DataFolder {
  const parent = mkdtempSync(join(tmpdir(), 'asa-data-'));
  chmodSync(parent, options.private ? 0o700 : 0o711);
  const dataDir = join(parent, options.name ?? 'data');
  const remove = async (): Promise<void> => {
    mkdirSync(dataDir, { recursive: true });
    for (const folder of [(await readPointer(dataDir)) ?? dataDir, parent]) {
      await stopLeftovers(join(folder, 'postgres'));
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  };
  return { dataDir, remove };
}
