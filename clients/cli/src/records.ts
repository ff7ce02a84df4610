import { open, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Item } from './input.ts';

/** One line of a JSONL output. */
export interface RecordLine {
  /** What was asked for. */
  readonly input: Item;
  readonly status: 'ok' | 'error';
  readonly data: unknown;
  readonly error: Readonly<Record<string, unknown>> | null;
}

/** What makes two items the same. */
export const identity = (item: Item): string =>
  JSON.stringify(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Whether a line is done for good: a success, or an error that stays when it is tried again. */
const isDone = ({ status, error }: RecordLine): boolean => status === 'ok' || error?.['retryable'] === false;

/** An output file that is added to, and what it has already. */
export interface Output {
  readonly done: ReadonlySet<string>;
  write(line: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens an output. To resume, its lines are read first; a last line that a crash has cut is taken away, and what failed for a time is asked for again.
 * Without resuming, an old file is written anew.
 */
export async function openOutput(path: string, resume: boolean): Promise<Output> {
  const handle = await open(path, resume ? 'a+' : 'w');
  try {
    const done = resume ? await readDone(handle) : new Set<string>();
    // One after the other: a line must not come into the middle of another one.
    let last: Promise<void> = Promise.resolve();
    return {
      done,
      async write(line) {
        last = last.then(() => handle.appendFile(`${line}\n`));
        await last;
      },
      async close() {
        await last.catch(() => undefined);
        await handle.close();
      },
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readDone(handle: FileHandle): Promise<Set<string>> {
  await cutLastLine(handle);
  const done = new Set<string>();
  const input = handle.createReadStream({ start: 0, autoClose: false });
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const record = parse(line);
    if (record !== null && isDone(record)) done.add(identity(record.input));
  }
  return done;
}

/** Bytes looked at in one step, from the end. */
const STEP = 64 * 1024;

/** Cuts off what stands after the last line feed. */
async function cutLastLine(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  const buffer = Buffer.alloc(STEP);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - STEP);
    const { bytesRead } = await handle.read(buffer, 0, end - start, start);
    const found = buffer.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (found >= 0) {
      await handle.truncate(start + found + 1);
      return;
    }
    end = start;
  }
  await handle.truncate(0);
}

function parse(line: string): RecordLine | null {
  try {
    const value = JSON.parse(line) as Partial<RecordLine> | null;
    const isRecord =
      typeof value === 'object' && value !== null && typeof value.input === 'object' && 'status' in value;
    return isRecord ? (value as RecordLine) : null;
  } catch {
    return null; // Not ours; it is left as it is.
  }
}
