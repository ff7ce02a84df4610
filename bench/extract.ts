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
const ROUNDS = Number(process.env['ROUNDS'] ?? 2);

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

interface Way {
  readonly name: string;
  readonly run: (input: PageInput) => unknown;
  /** How often a round. The quick ones are run more often: they must be warm as the slow ones are. */
  readonly times: number;
}

const textOf = (input: PageInput): string => Buffer.from(input.body).toString('utf8');
const OURS: Way = { name: 'readPage: judge and every field', run: (input) => readPage(input), times: 6 };
const WAYS: readonly Way[] = [
  OURS,
  { name: 'the floor: Latin-1 and outline', run: (input) => createPage(input), times: 6 },
  { name: 'full parse, htmlparser2', run: (input) => parseDocument(textOf(input)), times: 3 },
  {
    name: 'full parse, cheerio on htmlparser2',
    run: (input) => load(textOf(input), { xml: { xmlMode: false, decodeEntities: true } }),
    times: 3,
  },
  { name: 'full parse, cheerio', run: (input) => load(textOf(input)), times: 1 },
];

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

function bestOf(way: Way, input: PageInput, before: number): number {
  let best = before;
  for (let i = 0; i < way.times; i++) {
    const started = performance.now();
    way.run(input);
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/** Best of the runs a page and way, in turns: what the work costs when nothing else is in the way. */
function measure(inputs: readonly PageInput[]): void {
  const best = new Map(WAYS.map((way) => [way, inputs.map(() => Infinity)]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, input] of inputs.entries()) {
      for (const [way, times] of best) times[i] = bestOf(way, input, times[i] ?? Infinity);
    }
  }
  const sorted = new Map([...best].map(([way, times]) => [way, times.sort((a, b) => a - b)]));
  const ours = at(sorted.get(OURS) ?? [], 0.5);
  console.log(`${'median'.padStart(9)}${'p95'.padStart(9)}${'ratio'.padStart(9)}`);
  for (const [way, times] of sorted) {
    const median = at(times, 0.5);
    const cells = [`${median.toFixed(2)}ms`, `${at(times, 0.95).toFixed(2)}ms`, `${(median / ours).toFixed(2)}x`];
    console.log(`${cells.map((cell) => cell.padStart(9)).join('')}  ${way.name}`);
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
