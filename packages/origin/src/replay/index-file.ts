import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize, sep } from 'node:path';

/** One page of a folder of saved pages. */
export interface SavedPage {
  /** Line of the index, from 1. */
  readonly line: number;
  /** Path inside the folder, with the system's separators. */
  readonly file: string;
  readonly kind: string;
  readonly marketplace: string;
  readonly asin: string | null;
  readonly query: string | null;
}

const MAX_INDEX_BYTES = 64 * 1024 * 1024;

/**
 * Reads `<folder>/index.jsonl`. Fails with one clear sentence when there is none, or when a line is not what it should
 * be: a replay that silently lacks pages would be taken for the marketplace's word.
 */
export function readIndex(folder: string): SavedPage[] {
  const path = join(folder, 'index.jsonl');
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new Error(`${path} does not exist: a replay needs a folder with an index.jsonl`);
  if (size > MAX_INDEX_BYTES) throw new Error(`${path} is larger than ${MAX_INDEX_BYTES} bytes`);
  return readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .flatMap((text, i) => (text.trim() === '' ? [] : [savedPage(text, i + 1, path)]));
}

function savedPage(text: string, line: number, path: string): SavedPage {
  const fail = (problem: string): never => {
    throw new Error(`${path}, line ${line}: ${problem}`);
  };
  const row = parse(text) ?? fail('is not a JSON object');
  const field = (name: string): string | null => {
    const value = row[name] ?? null;
    return value === null || typeof value === 'string' ? value : fail(`"${name}" is not a string`);
  };
  const needed = (name: string): string => field(name) ?? fail(`has no "${name}"`);
  const file = normalize(needed('file'));
  if (isAbsolute(file) || file === '..' || file.startsWith(`..${sep}`)) fail(`"file" leaves the folder: ${file}`);
  return {
    line,
    file,
    kind: needed('kind'),
    marketplace: needed('marketplace'),
    asin: field('asin')?.toUpperCase() ?? null,
    query: field('query')?.trim() ?? null,
  };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
