import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isDomain, marketplace, type Domain, type PageCard, type SearchTarget } from '@asa/contract';
import fc from 'fast-check';
import { createPage } from '../src/page/index.ts';
import { extractSearch } from '../src/search/index.ts';
import { corpusBody, corpusRows, NO_CORPUS } from './page-tools.ts';
import { numbersFrom, SEARCH, targetAt } from './verdict-tools.ts';

const SEED = 77_003;

/** What a card says that could only come from itself. */
const VALUES = [
  'title',
  'price',
  'price_strikethrough',
  'rating',
  'reviews_count',
  'coupon',
  'brand',
  'image',
] as const;
type Key = (typeof VALUES)[number];

interface List {
  readonly name: string;
  readonly html: string;
  readonly target: SearchTarget;
  /** Offsets at which its cards begin, in page order. */
  readonly starts: readonly number[];
}

const cardsOf = ({ target }: List, html: string): readonly PageCard[] =>
  extractSearch(createPage({ body: Buffer.from(html, 'latin1'), contentType: 'text/html', url: '', target }))
    ?.products ?? [];

/** Tags, but not of elements whose content is no markup: without its end such a one takes the next card's own tag in. */
const TAG = /<\/?(?!script|style|noscript|textarea|title|template|iframe|xmp)[a-z][^<>]*>/gi;
const END_TAG = /<\/(?!script|style|noscript|textarea|title|template|iframe|xmp)[a-z][^<>]*>/gi;

/** A place between two tags, for the same reason outside of scripts. */
function cutAt(card: string, random: () => number): number {
  const gaps = [...card.matchAll(TAG)].map(({ index }) => index);
  return gaps[Math.floor(gaps.length * random())] ?? 0;
}

/** Ways in which a card may be damaged; what is between its root's tag and the next card's is given. */
const DAMAGES: readonly ((card: string, random: () => number) => string)[] = [
  (card, random) => card.replaceAll(TAG, (tag) => (random() < 0.05 ? '' : tag)),
  (card, random) => card.replaceAll(TAG, (tag) => (random() < 0.4 ? '' : tag)),
  (card, random) => card.replaceAll(END_TAG, (tag) => (random() < 0.3 ? '' : tag)),
  (card) => card.replaceAll(END_TAG, ''),
  (card, random) => card.slice(0, cutAt(card, random)),
  (card, random) => card.slice(cutAt(card, random)),
  (card, random) => card.replaceAll(/\sclass="[^"]*"/g, (all) => (random() < 0.5 ? '' : all)),
  (card) => card.replaceAll(/>[^<]*\d[^<]*</g, '><'),
  (card) => card.replaceAll(/class="a-price\b/g, 'class="x-price'),
  (card) => card.replaceAll(/<h2\b[\s\S]*?<\/h2>/g, ''),
  (card) => card.replaceAll(/<i\b[\s\S]*?<\/i>/g, ''),
  () => '',
];

/** The page with one card damaged; its root's own tag stays. */
function damaged({ html, starts }: List, which: number, how: number, seed: number): string {
  const start = html.indexOf('>', starts[which]) + 1;
  const next = starts[which + 1] ?? html.indexOf('</div></span>', start);
  const end = next > start ? next : html.length;
  const damage = DAMAGES[how % DAMAGES.length];
  return html.slice(0, start) + (damage?.(html.slice(start, end), numbersFrom(seed)) ?? '') + html.slice(end);
}

/** Each card of the damaged page shows its own values, those that the damage left it, or none; never another card's. */
function compare(list: List, whole: readonly PageCard[], which: number, html: string, where: string): void {
  const asin = whole[which]?.asin;
  const after = cardsOf(list, html);
  // A card may be gone with its title; the others stay in order.
  const others = whole.filter((card) => card.asin !== asin);
  const othersAfter = after.filter((card) => card.asin !== asin);
  assert.deepEqual(othersAfter, others, `${where}: the other cards`);
  for (const card of after.filter((one) => one.asin === asin)) {
    for (const key of VALUES) {
      const own = whole.filter((one) => one.asin === asin).map((one) => one[key]);
      const foreign = whole.filter((one) => one.asin !== asin).map((one) => one[key]);
      const value = card[key];
      if (value === null || value === '' || own.includes(value)) continue;
      assert.ok(!foreign.includes(value) || isCommon(key, foreign, value), `${where}: ${key} ${String(value)}`);
    }
  }
}

/** Of real pages only: a number that several cards show says nothing about where it came from. */
const isCommon = (key: Key, foreign: readonly PageCard[Key][], value: PageCard[Key]): boolean =>
  key === 'rating' || foreign.filter((one) => one === value).length > 1;

const startsOf = (html: string, card: RegExp): number[] => [...html.matchAll(card)].map(({ index }) => index);

/** Cards whose values are like no other's. */
const FIXTURES: readonly (readonly [folder: string, card: RegExp])[] = [
  ['search/grid-2025', /<div role="listitem" data-asin="B/g],
  ['search/list-2022', /<div data-asin="B/g],
  ['search/items-2019', /<li id="result_/g],
  ['list/items-2016', /<li id="result_/g],
  ['list/grid-2019-without-component', /<div data-asin="B0TESTGA/g],
  ['list/rows-2012', /<div id="result_/g],
  ['list/phone-2016', /<li class="sx-table-item"><a class/g],
  ['list/damage', /<div data-asin="B/g],
];

const fixtures = FIXTURES.map(([folder, card]): List => {
  const read = (name: string): string => readFileSync(join(import.meta.dirname, '../fixtures', folder, name), 'latin1');
  const meta = JSON.parse(read('meta.json')) as { marketplace: Domain };
  const html = read('page.html');
  const target = {
    ...SEARCH,
    domain: meta.marketplace,
    language: marketplace(meta.marketplace).languages[0],
  };
  return { name: folder, html, target, starts: startsOf(html, card) };
});

describe('a damaged card', () => {
  test('never shows what another card does, and leaves the others as they are', () => {
    const wholes = new Map(fixtures.map((list) => [list, cardsOf(list, list.html)]));
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), fc.nat(), (page, one, how, seed) => {
        const list = fixtures[page % fixtures.length];
        assert.ok(list !== undefined);
        const whole = wholes.get(list) ?? [];
        assert.equal(whole.length, list.starts.length, list.name);
        const which = one % list.starts.length;
        compare(list, whole, which, damaged(list, which, how, seed), `${list.name} card ${which} damage ${how}`);
      }),
      { seed: SEED, numRuns: 600 },
    );
  });
});

describe('what is around a card', () => {
  const SEEN = ['<div>', '<section class="a-section">', '<div style="opacity: 1">', '<main><div class="sg-row">'];
  const HIDDEN = [
    '<div class="aok-hidden">',
    '<div style="display:none">',
    '<section hidden>',
    '<div><div class="a-popover-preload"><p>',
    '<template>',
    '<noscript>',
  ];
  const closing = (opening: string): string =>
    [...opening.matchAll(/<(\w+)/g)]
      .map(([, name]) => `</${name}>`)
      .toReversed()
      .join('');
  const list = fixtures.find(({ name }) => name === 'list/damage');
  assert.ok(list !== undefined);
  const whole = cardsOf(list, list.html);

  test('hides it or changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 5, maxLength: 5 }), (choices) => {
        const all = [...SEEN, ...HIDDEN];
        let { html } = list;
        const kept: PageCard[] = [];
        for (let i = list.starts.length - 1; i >= 0; i--) {
          const opening = all[(choices[i] ?? 0) % all.length] ?? '';
          const start = list.starts[i] ?? 0;
          // Each card of this page stands on lines of its own, up to its end.
          const end = html.indexOf('</div></div></div></div></div>\n', start) + '</div></div></div></div></div>'.length;
          html = html.slice(0, start) + opening + html.slice(start, end) + closing(opening) + html.slice(end);
          const card = whole[i];
          if (card !== undefined && SEEN.includes(opening)) kept.unshift(card);
        }
        assert.deepEqual(cardsOf(list, html), kept);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

describe('a damaged card of the corpus', { skip: NO_CORPUS }, () => {
  const rows = NO_CORPUS === false ? corpusRows().filter(({ kind }) => kind === 'search') : [];
  test('never shows what another card does, and leaves the others as they are', () => {
    for (const [i, row] of rows.entries()) {
      assert.ok(isDomain(row.marketplace));
      const html = corpusBody(row).toString('latin1');
      const target = {
        ...SEARCH,
        ...targetAt(SEARCH, row.marketplace),
        kind: 'search',
        query: row.query ?? '',
      } as const;
      const starts = startsOf(
        html,
        /<(?:div|li)\s[^<>]*\b(?:data-component-type="s-search-result"|id="result_\d+")[^<>]*>/g,
      );
      const list: List = { name: row.file, html, target, starts };
      const whole = cardsOf(list, html);
      // Where every start is a card's: elsewhere it is not known which card is damaged.
      if (whole.length !== starts.length) continue;
      for (let round = 0; round < 2; round++) {
        const which = (i * 7 + round * 5) % starts.length;
        const how = i * 3 + round;
        compare(list, whole, which, damaged(list, which, how, SEED + i), `${row.file} card ${which} damage ${how}`);
      }
    }
  });
});
