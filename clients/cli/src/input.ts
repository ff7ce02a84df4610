import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { UsageError } from './exit.ts';
import type { In, World } from './world.ts';

/** One thing to ask for: the parameters of its endpoint. */
export type Item = { readonly query: string } & Readonly<Record<string, unknown>>;

/** The file of a name, or standard input for `-`. */
export const openInput = (name: string, { stdin }: Pick<World, 'stdin'>): In =>
  name === '-' ? stdin : createReadStream(name);

/** Items line by line: an ASIN, a URL or a query as it is, or a JSON object with a `query`. Blank lines and those that begin with # mean nothing. */
export async function* readItems(input: In, name: string, signal: AbortSignal): AsyncGenerator<Item, void, undefined> {
  let line = 0;
  for await (const raw of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY, signal })) {
    line += 1;
    const text = raw.trim();
    if (text === '' || text.startsWith('#')) continue;
    yield text.startsWith('{') ? fromJson(text, `${name}:${line}`) : { query: text };
  }
  // A reading that was stopped ends like one that has come to its end.
  signal.throwIfAborted();
}

function fromJson(text: string, place: string): Item {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${place} begins like a JSON object and is none.`);
  }
  if (typeof value !== 'object' || value === null || !('query' in value) || typeof value.query !== 'string')
    throw new UsageError(`${place} has no "query".`);
  return value as Item;
}

/** The service takes no more in one batch. */
const MOST_ITEMS = 1000;

/** The items of a batch, each over the defaults. @throws UsageError for none, or too many */
export async function readBatch(
  world: Pick<World, 'stdin' | 'signal'>,
  file: string,
  defaults: object,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of readItems(openInput(file, world), file === '-' ? 'stdin' : file, world.signal)) {
    if (items.length === MOST_ITEMS)
      throw new UsageError(`${file} has more than ${MOST_ITEMS} items; a batch takes no more.`);
    items.push({ ...defaults, ...item });
  }
  if (items.length === 0) throw new UsageError(`${file} has no items.`);
  return items;
}

/** The whole of an input as bytes, up to a bound. */
export async function readAll(input: In, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
    size += bytes.length;
    if (size > maxBytes) throw new UsageError(`The input is larger than ${maxBytes} bytes.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
