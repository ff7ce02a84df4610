/**
 * Peak memory growth of a process while a reader thread of it, limited as the service limits its own, reads 100 product
 * pages in a row: `node memory.ts ours|cheerio`. Prints one number, in megabytes.
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { READER_MEMORY } from '../../packages/scrape/src/reader/pool.ts';
import { readMade, readPage, type PageInput } from '../../packages/extract/src/read.ts';
import { CheerioPage } from './cheerio-page.ts';
import { inputsOf } from './pages.ts';

const PAGES = 100;

function growth(way: unknown): number {
  const read: (input: PageInput) => unknown =
    way === 'cheerio'
      ? (input) => readMade(new CheerioPage(input).parse(input, false), input)
      : (input) => readPage(input);
  const inputs = inputsOf('product');
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  for (let i = 0; i < PAGES; i++) {
    const input = inputs[i % inputs.length];
    if (input !== undefined) read(input);
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  return Math.round((peak - before) / 1e6);
}

if (isMainThread) {
  const way = process.argv[2];
  // A full document of the largest pages needs more than the service gives a thread.
  const resourceLimits = way === 'cheerio' ? {} : READER_MEMORY;
  const thread = new Worker(new URL(import.meta.url), { workerData: way, resourceLimits });
  thread.on('error', (error) => console.log(`failed: ${error.message}`));
} else console.log(growth(workerData));
