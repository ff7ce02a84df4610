import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ReceiptKeyLocked, type Receipts } from '@asa/accounts';

/** Secrets in the data folder; each is private itself. */
export const SECRET_FILES = { adminToken: 'admin-token', firstKeys: 'first-keys.json' } as const;

/** Something of the machine that stops the start, as one sentence for the operator. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartError';
  }
}

/** The admin token: the given one, or the one of the data folder, made at the first start with mode 0600. */
export async function adminToken(
  given: string | null,
  dataDir: string,
): Promise<{ token: string; file: string | null }> {
  if (given !== null) return { token: given, file: null };
  const file = join(dataDir, SECRET_FILES.adminToken);
  if (existsSync(file)) {
    const token = (await readFile(file, 'utf8')).trim();
    if (token.length < 16)
      throw new StartError(`${file} holds no token of at least 16 characters; delete the file to have a new one made.`);
    return { token, file };
  }
  const token = `asa_admin_${randomBytes(24).toString('base64url')}`;
  await writePrivate(file, `${token}\n`);
  return { token, file };
}

/** Writes a file that only its owner can read. */
export async function writePrivate(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    // The mode of `open` applies only to a new file.
    await handle.chmod(0o600);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const PRIVATE = 0o700;
/** Started by root, the database runs as somebody else: who may pass the folder, but not list it. Each secret in it is private itself. */
const PASSABLE = 0o711;

/** Parents first, one by one: Node's own recursive `mkdir` never returns where nothing can be made (below /proc). */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  try {
    await mkdir(folder, { mode: process.getuid?.() === 0 ? PASSABLE : PRIVATE });
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** Makes the data folder, which only its owner can list. Throws `StartError`. */
export async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await makeFolder(dataDir);
  } catch (error) {
    throw new StartError(
      `The data folder ${dataDir} cannot be made (${error instanceof Error ? error.message : String(error)}). Set ASA_DATA_DIR to a folder that can be written.`,
    );
  }
}

/** Loads the key for receipts, or makes the first one. Throws `StartError`. */
export async function openReceipts(receipts: Pick<Receipts, 'refresh'>): Promise<void> {
  try {
    await receipts.refresh();
  } catch (error) {
    if (!(error instanceof ReceiptKeyLocked)) throw error;
    throw new StartError(
      'The key for receipts in the database cannot be read: set ASA_RECEIPT_PASSPHRASE to the one that it was made with.',
    );
  }
}
