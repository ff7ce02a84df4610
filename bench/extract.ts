/**
 * What reading a page costs, beside the plain ways, on the corpus in one run: the whole of `readPage` (judge and every
 * field), a full parse by cheerio (both parsers) and by htmlparser2, and the floor (reading the bytes as Latin-1 and
 * finding where elements begin and end). Also checks that the regions give the values that the full document gives.
 * Read the ratios: the absolute figures belong to the machine and its mood.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isDomain, marketplace, type Target } from '@asa/contract';
import { load } from 'cheerio';
import { createPage } from '../packages/extract/src/page/index.ts';
import { readMade, readPage, type PageInput } from '../packages/extract/src/read.ts';

const root = join(import.meta.dirname, '..');
const corpus = join(root, '../shared/corpus');
const ROUNDS = Number(process.env['ROUNDS'] ?? 5);

interface Row {
  readonly file: string;
  readonly kind: string;
  readonly marketplace: string;
  readonly asin?: string;
  readonly query?: string;
}

/** The parser that the extractor was built after, in the version that its own tests use. */
const { parseDocument } = createRequire(join(root, 'packages/extract/package.json'))('htmlparser2') as {
  parseDocument: (html: string) => Node;
};
type Full = NonNullable<Parameters<typeof createPage>[1]>;
type Node = Full[number];

function elementsOf(node: Node, into: Node[] = []): Node[] {
  for (const child of node.children) {
    if (!('attribs' in child)) continue;
    into.push(child);
    elementsOf(child, into);
  }
  return into;
}

function inputOf(row: Row): PageInput | null {
  if (!isDomain(row.marketplace)) return null;
  const base = {
    domain: row.marketplace,
    language: marketplace(row.marketplace).languages[0],
    country: null,
    url: `https://www.amazon.${row.marketplace}/dp/${row.asin ?? ''}`,
  };
  const target: Target =
    row.kind === 'product'
      ? { ...base, kind: 'product', asin: row.asin ?? '' }
      : { ...base, kind: 'search', query: row.query ?? '', page: 1 };
  const body = readFileSync(join(corpus, row.file));
  return { body, contentType: 'text/html;charset=UTF-8', status: 200, headers: {}, url: base.url, target };
}

const WAYS: Readonly<Record<string, (input: PageInput) => unknown>> = {
  'readPage: judge and every field': readPage,
  'the floor: Latin-1 and outline': (input) => createPage(input),
  'full parse, htmlparser2': (input) => parseDocument(Buffer.from(input.body).toString('utf8')),
  'full parse, cheerio on htmlparser2': (input) =>
    load(Buffer.from(input.body).toString('utf8'), { xml: { xmlMode: false, decodeEntities: true } }),
  'full parse, cheerio': (input) => load(Buffer.from(input.body).toString('utf8')),
};

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** Best of the rounds a page and way: what the work costs when nothing else is in the way. */
function measure(inputs: readonly PageInput[]): void {
  const best = new Map(Object.keys(WAYS).map((name) => [name, inputs.map(() => Infinity)]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, input] of inputs.entries()) {
      for (const [name, way] of Object.entries(WAYS)) {
        const started = performance.now();
        way(input);
        const times = best.get(name);
        if (times !== undefined) times[i] = Math.min(times[i] ?? Infinity, performance.now() - started);
      }
    }
  }
  const medians = new Map(
    [...best].map(([name, times]) => [
      name,
      at(
        times.toSorted((a, b) => a - b),
        0.5,
      ),
    ]),
  );
  const ours = medians.get('readPage: judge and every field') ?? Number.NaN;
  console.log(`${'median'.padStart(9)}${'p95'.padStart(9)}${'ratio'.padStart(9)}`);
  for (const [name, times] of best) {
    const sorted = times.toSorted((a, b) => a - b);
    const cells = [
      `${at(sorted, 0.5).toFixed(2)}ms`,
      `${at(sorted, 0.95).toFixed(2)}ms`,
      `${((medians.get(name) ?? 0) / ours).toFixed(2)}x`,
    ];
    console.log(`${cells.map((cell) => cell.padStart(9)).join('')}  ${name}`);
  }
}

/** Pages whose values from regions differ from those out of htmlparser2's full document. */
function differing(inputs: readonly PageInput[]): number {
  return inputs.filter((input) => {
    const full = elementsOf(parseDocument(createPage(input).source()));
    return !isDeepStrictEqual(readPage(input), readMade(createPage(input, full), input));
  }).length;
}

if (existsSync(corpus)) {
  const rows = readFileSync(join(corpus, 'index.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  for (const kind of ['product', 'search']) {
    const inputs = rows
      .map((line) => JSON.parse(line) as Row)
      .filter((row) => row.kind === kind)
      .map(inputOf)
      .filter((input) => input !== null);
    const size = at(
      inputs.map((input) => input.body.byteLength).sort((a, b) => a - b),
      0.5,
    );
    console.log(
      `\n${inputs.length} ${kind} pages, median ${(size / 1e6).toFixed(2)} MB, best of ${ROUNDS} rounds a page`,
    );
    measure(inputs);
    console.log(`values from regions differ from the full document's on ${differing(inputs)} pages`);
  }
} else {
  console.log(`SKIPPED: the corpus is not there (${corpus}); nothing was measured.`);
}
