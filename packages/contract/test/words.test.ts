import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  AVAILABILITY_ORDER,
  cleanText,
  fill,
  findPhrase,
  hasPhrase,
  LANGUAGES,
  matchPhrase,
  PLACEHOLDERS,
  placeholdersOf,
  shopWords,
  type Language,
  type ShopWords,
  type WordKey,
} from '../src/index.ts';

const languages = Object.keys(LANGUAGES) as Language[];
const keys = Object.keys(shopWords('en_US')).toSorted() as WordKey[];
const every = languages.flatMap((language) =>
  keys.map((key) => ({ language, key, phrases: shopWords(language)[key] })),
);

interface Allowed {
  readonly all: readonly string[];
  readonly some?: readonly string[];
}
const allowed = (key: WordKey): Allowed => (PLACEHOLDERS as Partial<Record<WordKey, Allowed>>)[key] ?? { all: [] };

/** Values that look like what the site prints. */
const SAMPLE: Readonly<Record<string, string>> = {
  n: '7',
  rank: '1,234',
  total: '20,000',
  from: '1',
  to: '48',
  stars: '5',
  percent: '64',
  date: '12.03.2026',
  seller: 'Kitchen Parts',
  brand: 'Northwind',
  author: 'A. Writer',
  price: '$5.99',
  unit: 'kg',
  category: 'Toys & Games',
  country: 'Spain',
  place: 'Berlin 10115',
  name: 'Kim',
  time: '3 hrs 5 mins',
  amount: '10%',
  query: '"usb cable"',
};

test('every language has every key, and no key is empty', () => {
  for (const language of languages) {
    assert.deepEqual(Object.keys(shopWords(language)).toSorted(), keys, language);
  }
  for (const { language, key, phrases } of every) {
    assert.ok(phrases.length > 0, `${language}.${key} has no phrase`);
  }
});

test('phrases are clean, not empty, not repeated, and labels have no colon', () => {
  for (const { language, key, phrases } of every) {
    assert.equal(new Set(phrases).size, phrases.length, `${language}.${key} repeats a phrase`);
    for (const phrase of phrases) {
      assert.ok(/\p{L}|\p{N}/u.test(phrase) || key === 'unitPer', `${language}.${key}: "${phrase}" says nothing`);
      assert.equal(cleanText(phrase), phrase, `${language}.${key}: "${phrase}" is not clean`);
      if (/Label$|^(shipsFrom|soldBy|listPrice|rrp)$/.test(key)) {
        assert.doesNotMatch(phrase, /[:：]\s*$/, `${language}.${key}`);
      }
    }
  }
});

test('the placeholders of a phrase are those of its key', () => {
  for (const { language, key, phrases } of every) {
    const { all, some = [] } = allowed(key);
    phrases.forEach((phrase, i) => {
      const used = placeholdersOf(phrase);
      const where = `${language}.${key}: "${phrase}"`;
      assert.equal(new Set(used).size, used.length, `${where} uses a placeholder twice`);
      for (const name of used) assert.ok(all.includes(name) || some.includes(name), `${where}: {${name}}`);
      if (i === 0) for (const name of all) assert.ok(used.includes(name), `${where} lacks {${name}}`);
      assert.doesNotMatch(phrase.replaceAll(/\{\w+\}/g, ''), /[{}]/, where);
    });
  }
});

test('a filled phrase is recognised by its own list, as a whole text and inside one', () => {
  const seen = new Set<readonly string[]>(); // regions share lists
  for (const { language, key, phrases } of every) {
    if (seen.has(phrases)) continue;
    seen.add(phrases);
    for (const phrase of phrases) {
      const text = fill(phrase, SAMPLE);
      assert.ok(matchPhrase(phrases, text) !== null, `${language}.${key} does not match "${text}"`);
      assert.ok(
        matchPhrase(phrases, `\u200e ${text}\n\u00a0:`) !== null,
        `${language}.${key} does not match "${text}" :`,
      );
      assert.ok(hasPhrase(phrases, `( ${text} )`), `${language}.${key} does not find "${text}"`);
    }
  }
});

const NUMBERED = new Set(['n', 'rank', 'total', 'from', 'to', 'stars', 'percent']);
const number = fc.integer({ min: 0, max: 9_999_999 }).map((n) => n.toLocaleString('en-US'));
const word = fc.stringMatching(/^[A-Z][a-z]{1,8}$/);

test('what was filled into the first phrase of a key is read back', () => {
  fc.assert(
    fc.property(fc.constantFrom(...every), number, word, ({ language, key, phrases }, n, text) => {
      const [first = ''] = phrases;
      const names = placeholdersOf(first);
      const values = Object.fromEntries(names.map((name) => [name, NUMBERED.has(name) ? n : text]));
      assert.deepEqual({ ...matchPhrase([first], fill(first, values)) }, values, `${language}.${key}: "${first}"`);
    }),
    { numRuns: 3000 },
  );
});

test('fill refuses a phrase whose value is missing', () => {
  assert.throws(() => fill('Only {n} left', {}), RangeError);
  assert.equal(fill('Only {n} left', { n: 3, unused: 'x' }), 'Only 3 left');
});

const STATES = ['inStock', 'outOfStock', 'unavailable', 'preorder', 'backorder'] as const;

test('no phrase of one availability state is a phrase of another', () => {
  for (const language of languages) {
    const words = shopWords(language);
    for (const state of STATES) {
      for (const phrase of words[state]) {
        const text = fill(phrase, SAMPLE);
        for (const other of STATES.filter((s) => s !== state)) {
          assert.equal(matchPhrase(words[other], text), null, `${language}: "${text}" (${state}) is also ${other}`);
        }
      }
    }
  }
});

test('searched in order, an availability phrase is found as its own state', () => {
  const classify = (words: ShopWords, text: string) => AVAILABILITY_ORDER.find((key) => hasPhrase(words[key], text));
  for (const language of languages) {
    const words = shopWords(language);
    for (const state of AVAILABILITY_ORDER) {
      for (const phrase of words[state]) {
        const text = fill(phrase, SAMPLE);
        assert.equal(classify(words, text), state, `${language}: "${text}"`);
      }
    }
  }
});

test('a price, a name or a longer word is not mistaken for a phrase', () => {
  const en = shopWords('en_US');
  assert.equal(hasPhrase(en.used, 'Unused'), false);
  assert.equal(hasPhrase(en.free, 'Freedom'), false);
  assert.equal(findPhrase(en.onlyLeft, 'Only a few left in stock'), null);
  assert.deepEqual({ ...findPhrase(en.onlyLeft, 'Hurry! Only 3 left in stock - order soon.')?.values }, { n: '3' });
  assert.deepEqual(
    { ...matchPhrase(shopWords('tr_TR').ratings, fill(shopWords('tr_TR').ratings[0] ?? '', { n: '1.234' })) },
    { n: '1.234' },
  );
});

test('every language speaks its own words', () => {
  const told = new Map<string, Language>();
  for (const language of languages) {
    const [base = ''] = language.split('_');
    const before = told.get(shopWords(language).inStock.join('|'));
    assert.ok(before === undefined || before.startsWith(base), `${language} has the words of ${before}`);
    told.set(shopWords(language).inStock.join('|'), language);
  }
});

test('no words file is longer than 500 lines', () => {
  const folder = join(import.meta.dirname, '..', 'src', 'words');
  for (const file of readdirSync(folder)) {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n').length - 1;
    assert.ok(lines <= 500, `${file}: ${lines} lines`);
  }
});

test('texts as the shops write them are read', () => {
  const texts: readonly (readonly [Language, WordKey, string, Readonly<Record<string, string>>])[] = [
    ['de_DE', 'onlyLeft', 'Nur noch 18 auf Lager', { n: '18' }],
    ['de_DE', 'ratings', '8.770 Sternebewertungen', { n: '8.770' }],
    [
      'de_DE',
      'reviewedIn',
      'Rezension aus dem Vereinigten Königreich vom 1. Oktober 2021',
      { country: 'Vereinigten Königreich', date: '1. Oktober 2021' },
    ],
    ['es_ES', 'onlyLeft', 'Sólo queda(n) 1 en stock.', { n: '1' }],
    ['es_ES', 'helpful', 'A 60 personas les ha parecido esto útil', { n: '60' }],
    [
      'es_ES',
      'overResults',
      '1-48 de más de 6.000 resultados para "jacuzzi"',
      { from: '1', to: '48', total: '6.000', query: '"jacuzzi"' },
    ],
    ['fr_FR', 'ratings', '1\u202f200 évaluations', { n: '1 200' }],
    [
      'fr_FR',
      'fulfilledByAmazon',
      'Vendu par Amazon Warehouse et expédié par Amazon .',
      { seller: 'Amazon Warehouse' },
    ],
    ['pt_BR', 'boughtPastMonth', 'Mais de 5 mil compras no mês passado', { n: '5 mil' }],
    ['pt_BR', 'shipsWithin', 'Estimativa de envio de 2 a 3 dias.', { date: '2 a 3 dias' }],
    ['pt_PT', 'helpful', '6 pessoas consideraram isto útil', { n: '6' }],
    ['pt_PT', 'inStock', 'Em stock.', {}],
    ['zh_TW', 'resultsCount', '1-24的194 個結果 "手機"', { from: '1', to: '24', total: '194', query: '"手機"' }],
    ['zh_TW', 'outOfStars', '4.3 顆星，最高 5 顆星', { n: '4.3' }],
    ['en_AE', 'shipsWithin', 'Usually ships within 5 to 6 days', { date: '5 to 6 days' }],
    ['en_IN', 'boughtPastMonth', '1K+ bought in past month', { n: '1K' }],
    ['ja_JP', 'signInTitle', 'サインインまたはアカウントを作成', {}],
    ['zh_CN', 'captchaPrompt', '请输入您在下方看到的字符', {}],
  ];
  for (const [language, key, text, values] of texts) {
    assert.deepEqual({ ...matchPhrase(shopWords(language)[key], text) }, values, `${language}.${key}: "${text}"`);
    assert.ok(hasPhrase(shopWords(language)[key], text), `${language}.${key}: "${text}"`);
  }
});
