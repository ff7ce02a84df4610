import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { marketplace, type Domain, type ReadSearchPage, type SearchTarget } from '@asa/contract';
import fc from 'fast-check';
import { readAs, SEARCH } from './verdict-tools.ts';

const SEED = 4_104;

/** One page of every layout, and what begins a card of it. */
const LAYOUTS: readonly (readonly [folder: string, card: RegExp, title: string])[] = [
  ['search/grid-2025', /<div role="listitem" data-asin="B/g, 'Lamp One'],
  ['search/list-2022', /<div data-asin="B/g, 'Spa hinchable redondo'],
  ['search/items-2019', /<li id="result_/g, 'Flasche Zwei'],
  ['search/boxes-2014', /<div id="result_/g, 'A Mockingbird'],
  ['list/items-2016', /<li id="result_/g, 'Kettle 2'],
  ['list/prices', /<div data-asin="B/g, 'Instalments'],
];

interface Layout {
  readonly folder: string;
  readonly html: string;
  readonly target: SearchTarget;
  readonly card: RegExp;
  readonly title: string;
}

const layouts = LAYOUTS.map(([folder, card, title]): Layout => {
  const file = (name: string): string => readFileSync(join(import.meta.dirname, '../fixtures', folder, name), 'utf8');
  const meta = JSON.parse(file('meta.json')) as { marketplace: Domain; url: string; page: number };
  const { languages } = marketplace(meta.marketplace);
  const target = { ...SEARCH, domain: meta.marketplace, language: languages[0], url: meta.url, page: meta.page };
  return { folder, html: file('page.html'), target, card, title };
});

function listOf(html: string, target: SearchTarget): ReadSearchPage {
  const reading = readAs(html, target);
  assert.ok(reading.verdict === 'list', reading.verdict);
  return reading.list;
}

/** What may stand between two cards without being one. */
const BETWEEN = [
  '<!-- a remark -->',
  '<div data-asin="" class="s-result-item s-widget"><div cel_widget_id="MAIN-VIDEO-3"><a href="/dp/B0RAIL0001"><h2>A video</h2></a></div></div>',
  '<div class="s-result-item s-widget AdHolder"><div data-asin="B0RAIL0002"><span class="a-price"><span class="a-offscreen">$1.00</span></span></div></div>',
  '<ol class="a-carousel"><li class="a-carousel-card" data-asin="B0RAIL0003"><a href="/dp/B0RAIL0003">A rail</a></li></ol>',
  '<script>var card = \'<div data-asin="B0RAIL0004" data-component-type="s-search-result"></div>\';</script>',
  '<!-- <li class="s-result-item" data-asin="B0RAIL0005"></li> -->',
  '<noscript><img src="/pixel.gif"></noscript>',
  '<div class="a-section"><h2>Need help?</h2><a href="/gp/help">Visit the help section</a></div>',
] as const;

describe('lists of every layout', () => {
  test('rails, banners, remarks and scripts between cards change nothing', () => {
    const between = fc.array(fc.constantFrom(...BETWEEN), { maxLength: 3 }).map((parts) => parts.join('\n'));
    fc.assert(
      fc.property(fc.constantFrom(...layouts), fc.array(between, { minLength: 12, maxLength: 12 }), (layout, texts) => {
        let n = 0;
        const html = layout.html.replace(layout.card, (card) => `${texts[n++ % texts.length] ?? ''}\n${card}`);
        assert.ok(n > 0, layout.folder);
        assert.deepEqual(listOf(html, layout.target), listOf(layout.html, layout.target), layout.folder);
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  test('a card shown again is there again', () => {
    for (const { folder, html, target, card } of layouts) {
      const starts = [...html.matchAll(card)].map(({ index }) => index);
      const [first, second] = starts;
      if (first === undefined || second === undefined) continue;
      // Up to the next card; what else stands between the two is doubled with it.
      const doubled = html.slice(0, second) + html.slice(first);
      const { products } = listOf(html, target);
      const again = listOf(doubled, target).products;
      assert.deepEqual(again, [products[0], ...products], folder);
    }
  });

  test('any title is a title', () => {
    const words = fc.constantFrom(
      'captcha',
      'Robot Check',
      'Sorry! Something went wrong!',
      'Sponsored',
      '[Gesponsert]',
      'No results for kettle.',
      'Best Seller',
      '4.5 out of 5 stars',
      '$1.00',
      '1-16 of 20 results for',
      'Showing results for lamp',
      '50% &lt;b&gt;',
      '"quoted"',
      '🫖 ポット',
    );
    fc.assert(
      fc.property(fc.constantFrom(...layouts), words, words, (layout, one, two) => {
        const title = `${one} ${two}`;
        const before = listOf(layout.html, layout.target);
        const after = listOf(
          layout.html.replaceAll(layout.title, () => title.replaceAll('"', '&quot;')),
          layout.target,
        );
        const shown = title.replaceAll('&lt;', '<').replaceAll('&gt;', '>');
        assert.deepEqual(
          after,
          {
            ...before,
            products: before.products.map((card) => ({
              ...card,
              title: card.title.replace(layout.title, () => shown),
            })),
          },
          layout.folder,
        );
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});
