import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { DOMAINS, parseSearchParams, rawParams, SORTS, VERDICTS, type Domain, type Language } from '@asa/contract';
import type { Egress, EgressRequest, EgressResult } from '@asa/egress';
import { createReaderPool, planSearch, scrapeSearch, type Source } from '../src/index.ts';

/** Searches over more pages than one, read by the real reader; only the network is played. */

const pool = createReaderPool({
  threads: 1,
  maxWaiting: 10,
  maxWaitingBytes: 1e9,
  maxWaitMs: 60_000,
  timeoutMs: 60_000,
  onError: (message) => assert.fail(message),
});
after(() => pool.close());

/** One letter a card: `o` organic, `s` sponsored. */
const card = (kind: string, page: number, i: number): string =>
  `<div data-asin="B0${String(page).padStart(3, '0')}PAGE${i}" data-component-type="s-search-result" class="s-result-item ${kind === 's' ? 'AdHolder' : ''}"><a href="/x"><h2><span>Page ${page}, ${i}</span></h2></a></div>`;
const list = (cards: string, page: number, message = ''): string =>
  `<!doctype html><html lang="en-us"><body><div class="s-main-slot">${message}${Array.from(cards)
    .map((kind, i) => card(kind, page, i))
    .join('')}</div></body></html>`;
const NOTHING = '<div class="s-result-item s-widget"><span>No results for </span><span>x</span><span>.</span></div>';
const CAPTCHA = '<html><body><input id="captchacharacters"></body></html>';

interface Play {
  readonly source: Source;
  readonly asked: string[];
}

/** Serves the pages by their number; what has no page is a captcha. `cost` is the time that one takes, in ms. */
function play(pages: Readonly<Record<number, string>>, clock = { now: 0 }, cost = 0): Play {
  const asked: string[] = [];
  const fetch = async <R>({ target, judge, budgetMs }: EgressRequest<R>): Promise<EgressResult<R>> => {
    asked.push(target.url);
    assert.ok(target.kind === 'search' && (budgetMs ?? 0) > 0);
    clock.now += cost;
    const body = Buffer.from(pages[target.page] ?? CAPTCHA);
    const fetched = {
      body,
      contentEncoding: null,
      contentType: 'text/html',
      status: 200,
      headers: {},
      url: target.url,
    };
    const { verdict, result } = await judge(fetched, new AbortController().signal);
    const { class: kind, lastWord } = VERDICTS[verdict];
    const outcome =
      kind === 'usable'
        ? ({ ok: true, verdict, fetched, result } as const)
        : ({
            ok: false,
            code: lastWord ?? 'internal_error',
            verdict,
            last: { fetched, result },
            retryAfterMs: null,
          } as const);
    return { attempts: [], budgetSpentMs: cost, outcome };
  };
  const unused = (): never => assert.fail('not for a search');
  const egress: Egress = {
    fetch,
    hasExit: unused,
    tierNames: unused,
    stats: unused,
    sessionStats: unused,
    replaceTiers: unused,
    close: unused,
  };
  return { source: { egress, template: 'https://www.amazon.{domain}', budgetMs: 1000 }, asked };
}

async function search(query: string, { source }: Play, clock = { now: 0 }) {
  const options = {
    pool,
    now: () => clock.now,
    maxPageBytes: 1e6,
    onBug: (_: string, stack: string) => assert.fail(stack),
  };
  const watcher = { signal: new AbortController().signal, onAttempt: () => undefined };
  const { result } = await scrapeSearch(source, parseSearchParams(rawParams(query)), options, watcher);
  return result;
}

async function found(query: string, plays: Play, clock?: { now: number }) {
  const result = await search(query, plays, clock);
  assert.ok(result.ok);
  const { products, pagesFetched, list: first } = result;
  return { products, pagesFetched, first };
}

describe('a search of more pages', () => {
  test('positions go on over pages 2 to 10, ads and others apart, and each card names its page', async () => {
    const shapes = ['soo', 'oso', 'ooo', 's', 'oos', 'sso', 'o', 'so', 'os'];
    const pages = Object.fromEntries(shapes.map((shape, i) => [i + 2, list(shape, i + 2)]));
    const plays = play(pages);
    const { products, pagesFetched } = await found('query=x&start_page=2&pages=9', plays);
    assert.equal(pagesFetched, 9);
    assert.deepEqual(
      plays.asked,
      shapes.map((_, i) => `https://www.amazon.com/s?k=x&page=${i + 2}`),
    );
    assert.equal(products.map((one) => (one.is_sponsored ? 's' : 'o')).join(''), shapes.join(''));
    const count = { o: 0, s: 0 };
    for (const one of products) {
      const kind = one.is_sponsored ? 's' : 'o';
      count[kind] += 1;
      assert.equal(one.organic_position, kind === 'o' ? count.o : null);
      assert.equal(one.sponsored_position, kind === 's' ? count.s : null);
      assert.equal(one.title.split(',')[0], `Page ${one.page}`);
    }
  });

  test('a page past the end, one that found nothing and one that fails end it uncounted', async () => {
    for (const last of [list('', 3), list('', 3, NOTHING), list('ss', 3, NOTHING), CAPTCHA, '<html></html>']) {
      const plays = play({ 1: list('oo', 1), 2: list('o', 2), 3: last, 4: list('o', 4) });
      const { products, pagesFetched } = await found('query=x&pages=4', plays);
      assert.deepEqual([pagesFetched, products.length, plays.asked.length], [2, 3, 3], last);
    }
  });

  test('the first page counts whatever it found', async () => {
    const nothing = await found('query=x&pages=3', play({ 1: list('', 1, NOTHING) }));
    assert.deepEqual([nothing.pagesFetched, nothing.products, nothing.first.no_results], [1, [], true]);
    const ads = await found('query=x', play({ 1: list('ss', 1, NOTHING) }));
    assert.deepEqual([ads.pagesFetched, ads.products, ads.first.no_results], [1, [], true]);
    const past = await found('query=x&start_page=7&pages=2', play({ 7: list('', 7) }));
    assert.deepEqual([past.pagesFetched, past.products, past.first.no_results], [1, [], false]);
  });

  test("the first page's failure is the answer", async () => {
    const result = await search('query=x&pages=3', play({ 2: list('o', 2) }));
    assert.ok(!result.ok);
    assert.equal(result.error.code, 'blocked_by_amazon');
  });

  test('when the time is used up the pages obtained are the answer', async () => {
    const clock = { now: 0 };
    const pages = Object.fromEntries([1, 2, 3, 4].map((page) => [page, list('o', page)]));
    const { pagesFetched } = await found('query=x&pages=4', play(pages, clock, 400), clock);
    assert.equal(pagesFetched, 3);
  });
});

test("every sort_by is the marketplace's own parameter at every marketplace", () => {
  for (const domain of DOMAINS) {
    for (const [name, own] of Object.entries(SORTS)) {
      const params = parseSearchParams(rawParams(`query=x&domain=${domain}&sort_by=${name}`));
      const { searchParams, host } = new URL(planSearch(params, 1, 'https://www.amazon.{domain}').url);
      assert.deepEqual([host, searchParams.get('s')], [`www.amazon.${domain satisfies Domain}`, own]);
      assert.equal(params.language satisfies Language, planSearch(params, 2, 'https://x').language);
    }
  }
});
