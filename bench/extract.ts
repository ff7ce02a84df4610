/**
 * What reading a page costs, beside the plain ways, on the corpus in one run: the whole of `readPage` (judge and every
 * field); the same fields from a page that cheerio holds (both its parsers) and from htmlparser2's full document, which
 * the tests hold the regions against; the bare parses; and the floor (reading the bytes as Latin-1 and finding where
 * elements begin and end). Checks that all ways read the same values. Read the ratios: the absolute figures belong to
 * the machine and its mood.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { load } from 'cheerio';
import { createPage } from '../packages/extract/src/page/index.ts';
import { readMade, readPage, type PageInput, type Reading } from '../packages/extract/src/read.ts';
import { CheerioPage } from './extract/cheerio-page.ts';
import { CORPUS, hasCorpus, inputsOf } from './extract/pages.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 2);

/** The parser that the extractor was built after, in the version that its own tests use. */
const { parseDocument } = createRequire(join(import.meta.dirname, '../packages/extract/package.json'))(
  'htmlparser2',
) as { parseDocument: (html: string) => Node };
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

interface Way {
  readonly name: string;
  /** What is there before the clock starts. */
  readonly prepare?: (input: PageInput) => unknown;
  readonly run: (input: PageInput, prepared: unknown) => unknown;
  /** How often a round. The quick ones are run more often: they must be warm as the slow ones are. */
  readonly times: number;
}

const textOf = (input: PageInput): string => Buffer.from(input.body).toString('utf8');
const fromFull = (input: PageInput): Reading => {
  const full = elementsOf(parseDocument(textOf(input)));
  return readMade(createPage(input, full), input);
};
const prepareCheerio = (input: PageInput): CheerioPage => new CheerioPage(input);
const fromCheerio = (input: PageInput, page: unknown, xml: boolean): Reading =>
  readMade((page as CheerioPage).parse(input, xml), input);

const OURS: Way = { name: 'readPage: judge and every field', run: (input) => readPage(input), times: 6 };
const FLOOR: Way = { name: 'the floor: Latin-1 and outline', run: (input) => createPage(input), times: 6 };
const FIELDS: readonly Way[] = [
  OURS,
  { name: 'the same from the full document, htmlparser2', run: fromFull, times: 2 },
  {
    name: 'the same with cheerio on htmlparser2',
    prepare: prepareCheerio,
    run: (input, page) => fromCheerio(input, page, true),
    times: 1,
  },
  {
    name: 'the same with cheerio',
    prepare: prepareCheerio,
    run: (input, page) => fromCheerio(input, page, false),
    times: 1,
  },
];
const PARSES: readonly Way[] = [
  FLOOR,
  { name: 'parse alone, htmlparser2', run: (input) => parseDocument(textOf(input)), times: 2 },
  { name: 'parse alone, cheerio', run: (input) => load(textOf(input)), times: 1 },
];

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

function bestOf(way: Way, input: PageInput, before: number): number {
  let best = before;
  for (let i = 0; i < way.times; i++) {
    const prepared = way.prepare?.(input);
    const started = performance.now();
    way.run(input, prepared);
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/** Best of the runs a page and way, in turns: what the work costs when nothing else is in the way. */
function measure(inputs: readonly PageInput[], ways: readonly Way[]): void {
  const best = new Map(ways.map((way) => [way, inputs.map(() => Infinity)]));
  // A worker has read many pages before: a round that is not counted.
  for (const input of inputs) for (let i = 0; i < 3; i++) readPage(input);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, input] of inputs.entries()) {
      for (const [way, times] of best) times[i] = bestOf(way, input, times[i] ?? Infinity);
    }
  }
  const megabytes = inputs.reduce((sum, input) => sum + input.body.byteLength, 0) / 1e6;
  const sorted = new Map([...best].map(([way, times]) => [way, times.toSorted((a, b) => a - b)]));
  const ours = at(sorted.get(OURS) ?? [], 0.5);
  console.log(`${'median'.padStart(10)}${'p95'.padStart(10)}${'MB/s'.padStart(8)}${'ratio'.padStart(9)}`);
  for (const [way, times] of sorted) {
    const median = at(times, 0.5);
    const speed = megabytes / (times.reduce((sum, time) => sum + time, 0) / 1000);
    const cells = [`${median.toFixed(2)}ms`, `${at(times, 0.95).toFixed(2)}ms`].map((cell) => cell.padStart(10));
    const rest = [speed.toFixed(0).padStart(8), `${(median / ours).toFixed(2)}x`.padStart(9)];
    console.log(`${[...cells, ...rest].join('')}  ${way.name}`);
  }
}

/** What a reading says, without the stacks of bugs. */
const valuesOf = (reading: Reading): object =>
  reading.verdict === 'product' ? reading.product : 'list' in reading ? reading.list : { verdict: reading.verdict };

/** Values that a way reads differently, of all values. */
function differing(inputs: readonly PageInput[], way: Way): string {
  const named: string[] = [];
  let values = 0;
  for (const input of inputs) {
    const expected = Object.entries(valuesOf(readPage(input)));
    const found = new Map<string, unknown>(Object.entries(valuesOf(way.run(input, way.prepare?.(input)) as Reading)));
    values += expected.length;
    for (const [key, value] of expected) if (!isDeepStrictEqual(found.get(key), value)) named.push(key);
  }
  const which = named.length === 0 ? '' : ` (${[...new Set(named)].join(', ')})`;
  return `${named.length} of ${values} values differ${which}`;
}

function memoryOf(way: 'ours' | 'cheerio'): string {
  const { stdout } = spawnSync(process.execPath, ['--expose-gc', join(import.meta.dirname, 'extract/memory.ts'), way], {
    encoding: 'utf8',
    maxBuffer: 1e6,
  });
  return `${stdout.trim()} MB`;
}

if (hasCorpus()) {
  for (const kind of ['product', 'search'] as const) {
    const inputs = inputsOf(kind);
    const sizes = inputs.map((input) => input.body.byteLength).sort((a, b) => a - b);
    console.log(
      `\n${inputs.length} ${kind} pages, median ${(at(sizes, 0.5) / 1e6).toFixed(2)} MB, best of ${ROUNDS} rounds a page`,
    );
    // A list is walked on the outline alone: there are no fields of it that cheerio could read with the same code.
    const ways = kind === 'product' ? FIELDS : FIELDS.slice(0, 2);
    measure(inputs, [...ways, ...PARSES]);
    for (const way of ways) if (way !== OURS) console.log(`${way.name}: ${differing(inputs, way)}`);
  }
  console.log(
    `\npeak memory growth over 100 product pages in a row: ours ${memoryOf('ours')}, cheerio ${memoryOf('cheerio')}`,
  );
} else {
  console.log(`SKIPPED: the corpus is not there (${CORPUS}); nothing was measured.`);
}
