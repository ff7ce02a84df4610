/**
 * Peak memory growth while 100 product pages are read in a row, in a process of its own: `node memory.ts ours|cheerio`.
 * Prints one number, in megabytes.
 */
import { CheerioPage } from './cheerio-page.ts';
import { inputsOf } from './pages.ts';
import { readMade, readPage, type PageInput } from '../../packages/extract/src/read.ts';

const PAGES = 100;
const read: (input: PageInput) => unknown =
  process.argv[2] === 'cheerio'
    ? (input) => readMade(new CheerioPage(input).parse(input, false), input)
    : (input) => readPage(input);

const inputs = inputsOf('product');
globalThis.gc?.();
const before = process.memoryUsage().rss;
let peak = before;
for (let i = 0; i < PAGES; i++) {
  const input = inputs[i % inputs.length];
  if (input !== undefined) read(input);
  peak = Math.max(peak, process.memoryUsage().rss);
}
console.log(Math.round((peak - before) / 1e6));
