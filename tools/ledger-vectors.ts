import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `spec/vectors/ledger.json` with every case's lines written out. */

interface Case {
  readonly name: string;
  readonly lines?: readonly string[];
  readonly from?: string;
  readonly known_hash?: string;
}
interface Good extends Case {
  readonly expect: Readonly<Record<string, unknown>>;
}
interface Tampered extends Case {
  readonly edits?: readonly (readonly [line: number, out: number, ...put: string[]])[];
  readonly expect: { readonly line: number; readonly seq: number | null; readonly problem: string };
}
type Whole<T extends Case> = T & { readonly lines: readonly string[]; readonly known: string | null };

const path = join(import.meta.dirname, '..', 'spec', 'vectors', 'ledger.json');
const file = JSON.parse(readFileSync(path, 'utf8')) as { good: readonly Good[]; tampered: readonly Tampered[] };

function linesOf({ name, lines, from }: Case): string[] {
  const found = lines ?? file.good.find((one) => one.name === from)?.lines;
  if (found === undefined) throw new Error(`${name} has no lines`);
  return [...found];
}

export const good: readonly Whole<Good>[] = file.good.map((one) => ({
  ...one,
  lines: linesOf(one),
  known: one.known_hash ?? null,
}));
export const tampered: readonly Whole<Tampered>[] = file.tampered.map((one) => {
  const lines = linesOf(one);
  for (const [line, out, ...put] of one.edits ?? []) lines.splice(line - 1, out, ...put);
  return { ...one, lines, known: one.known_hash ?? null };
});
