import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { verdictClass, type PageVerdict, type Verdict } from '@asa/contract';
import fc from 'fast-check';
import { CORPUS, corpusBody, corpusRows, NO_CORPUS, type CorpusRow } from './page-tools.ts';
import { PRODUCT, SEARCH, TARGETS, verdictOf } from './verdict-tools.ts';

const SEED = 20_240_917;
const FIXTURES = join(import.meta.dirname, '../fixtures/verdict');
const pageOf = (folder: string): string => readFileSync(join(FIXTURES, folder, 'page.html'), 'utf8');

/** Fixtures of block pages that are one by what they show, not by a status or a header. */
const BLOCKS = readdirSync(FIXTURES)
  .map((folder): readonly [string, Verdict] => [
    folder,
    (JSON.parse(readFileSync(join(FIXTURES, folder, 'expected.json'), 'utf8')) as { verdict: Verdict }).verdict,
  ])
  .filter(([, verdict]) => verdict === 'not_found' || verdictClass(verdict) === 'blocked')
  .filter(([folder]) => !/-(?:status|header)-/.test(folder));

const TAGS = ['div', 'p', 'section', 'span', 'main', 'table', 'ul', 'center', 'b'] as const;
const HARMLESS = [
  'Hello',
  'kettle &amp; tea',
  'a < b',
  '<!-- a remark -->',
  '<!-- <div id="dp"> <h1 id="title">none</h1> -->',
  '<style>#dp, .s-main-slot { color: red }</style>',
  '<script>var product = {"asin": "B000000000", "title": "<h1>x</h1>"};</script>',
  '<br>',
  '<img src="/x.png" alt="a picture">',
  '<a href="https://www.amazon.com/dp/B000000000">back to the product</a>',
  '<link rel="stylesheet" href="/x.css">',
  '<meta name="x" content="y">',
  '<form action="/s"><input name="field-keywords"></form>',
  '<noscript><img src="/pixel.gif"></noscript>',
  '<svg><path d="M0 0"/></svg>',
] as const;

const harmless = fc.oneof(
  fc.constantFrom(...HARMLESS),
  fc.tuple(fc.constantFrom(...TAGS), fc.constantFrom(...HARMLESS)).map(([tag, inner]) => `<${tag}>${inner}</${tag}>`),
);
const some = fc.array(harmless, { maxLength: 20 }).map((parts) => parts.join('\n'));

/** Places in the body before an element, outside of scripts and remarks: what is inserted there is no part of its text. */
function gapsOf(page: string): number[] {
  const body = Math.max(0, page.search(/<body/i));
  const plain = page.replaceAll(/<(script|style|title|noscript)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->/gi, (text) =>
    ' '.repeat(text.length),
  );
  return [...plain.matchAll(/<(?!body|html|head|meta|link)[a-z]/gi)]
    .map(({ index }) => index)
    .filter((at) => at > body);
}

const insertAt = (page: string, at: number, text: string): string => page.slice(0, at) + text + page.slice(at);

describe('a block page stays what it is', () => {
  const stays = (body: string, verdict: PageVerdict | Verdict, name: string): void => {
    for (const target of TARGETS) assert.equal(verdictOf(body, target), verdict, `${name} (${target.kind})`);
  };

  test('with harmless markup before and after it and around it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...BLOCKS),
        some,
        some,
        fc.option(fc.constantFrom(...TAGS)),
        ([folder, verdict], before, after, tag) => {
          const page = pageOf(folder);
          stays(before + (tag === null ? page : `<${tag}>${page}</${tag}>`) + after, verdict, folder);
        },
      ),
      { seed: SEED, numRuns: 400 },
    );
  });

  test('with harmless markup between any of its elements', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BLOCKS), some, fc.nat(), ([folder, verdict], text, where) => {
        const page = pageOf(folder);
        const gaps = gapsOf(page);
        const at = gaps[where % Math.max(1, gaps.length)];
        if (at !== undefined) stays(insertAt(page, at, text), verdict, folder);
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  test('when saved by a browser: tags in upper case, no quotes, other line ends', () => {
    for (const [folder, verdict] of BLOCKS) {
      const page = pageOf(folder);
      stays(page.replaceAll('\n', '\r\n'), verdict, folder);
      stays(
        page.replaceAll(/<\/?[a-z]+\d?/g, (tag) => tag.toUpperCase()),
        verdict,
        folder,
      );
      stays(page.replaceAll(/ (id|class|name)="([\w-]+)"/g, " $1='$2'"), verdict, folder);
      stays(`\uFEFF${page}`, verdict, folder);
    }
  });
});

/** What block pages say and are made of, as text. */
const WORDS = [
  'captcha',
  'Robot Check',
  'Enter the characters you see below',
  'Sorry! Something went wrong',
  'Sorry! Something went wrong!',
  '503 - Service Unavailable Error',
  'Page Not Found',
  "Sorry! We couldn't find that page",
  '/errors/validateCaptcha',
  'captchacharacters',
  '/ap/signin',
  'Amazon Sign-In',
  'ap_email',
  'awsWafCookieDomainList',
  'window.gokuProps',
  '.awswaf.com/',
  'bm-verify=',
  '/_sec/verify',
  'continue shopping',
  'Click the button below to continue shopping',
  'opfcaptcha.amazon.com',
  'ref=cs_503_link',
  '/dogsofamazon',
  '/images/G/01/error/500_503.png',
  'No results for kettle.',
  'zg-right-col',
] as const;
const word = fc.constantFrom(...WORDS);
const status = fc.constantFrom(200, 202, 403, 404, 429, 500, 503);

describe('words of block pages in a product', () => {
  const page = pageOf('product-plain');
  const target = { ...PRODUCT, asin: 'B0TESTKETL' } as const;
  const extra = (text: string): string => `<div id="reviews-medley-footer"><div data-hook="review" id="R1TEST">
<a data-hook="review-title"><span>${text}</span></a><span data-hook="review-body"><span>${text}</span></span>
<img alt="${text}" src="/x.png"><h3>${text}</h3><button>${text}</button></div></div><div id="navFooter">`;

  test('in its title, its bullets, its reviews, headings, pictures and buttons: a product', () => {
    fc.assert(
      fc.property(word, word, word, status, (title, bullet, review, code) => {
        const body = page
          .replaceAll('A kettle of the tests', () => title)
          .replace('Boils water', () => bullet)
          .replace('<div id="navFooter">', () => extra(review));
        assert.equal(verdictOf(body, target, { status: code }), 'product');
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('words of block pages in a list', () => {
  const page = pageOf('list-plain');
  test("in a card's title: a list", () => {
    fc.assert(
      fc.property(word, word, status, (one, two, code) => {
        const titles = [one, two];
        const body = page.replaceAll('A kettle', () => titles.shift() ?? one).replace('Amazon.com : kettle', () => two);
        assert.equal(verdictOf(body, SEARCH, { status: code }), 'list');
        assert.equal(verdictOf(body, PRODUCT, { status: code }), 'shelf');
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('the same on pages of the corpus', { skip: NO_CORPUS }, () => {
  const rows = NO_CORPUS === false ? corpusRows() : [];
  const verdicts: Readonly<Record<string, PageVerdict>> = {
    captcha: 'captcha',
    continue_shopping: 'continue_shopping',
    waf: 'waf',
    error503: 'service_unavailable',
    notfound404: 'not_found',
    signin: 'sign_in',
  };
  const blocks = rows.filter((row) => Object.hasOwn(verdicts, row.kind));
  const text = (row: CorpusRow): string => corpusBody(row).toString('latin1');

  test(`block pages with harmless markup anywhere (${CORPUS})`, () => {
    fc.assert(
      fc.property(fc.constantFrom(...blocks), some, some, fc.nat(), (row, before, text1, where) => {
        const page = text(row);
        const gaps = gapsOf(page);
        const body = before + insertAt(page, gaps[where % Math.max(1, gaps.length)] ?? 0, text1);
        assert.equal(verdictOf(Buffer.from(body, 'latin1'), PRODUCT), verdicts[row.kind], row.file);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  test("block pages inside the site's navigation", () => {
    const navigation =
      '<div id="navbar"><a href="/ref=nav_logo">Amazon</a><h2>Departments</h2></div><div id="navFooter"></div>';
    for (const row of blocks) {
      for (const target of TARGETS) {
        const body = Buffer.concat([Buffer.from(navigation), corpusBody(row)]);
        assert.equal(verdictOf(body, target), verdicts[row.kind], row.file);
      }
    }
  });

  test('every product with words of block pages in its title, bullets, reviews and at its end is one', () => {
    for (const [i, row] of rows.filter(({ kind }) => kind === 'product').entries()) {
      const said = `${WORDS[i % WORDS.length] ?? ''} ${WORDS[(i * 7) % WORDS.length] ?? ''}`;
      const body = text(row)
        .replace(/(id="productTitle"[^>]*>)/, (tag) => `${tag} ${said} `)
        .replace(/(id="feature-bullets"[\s\S]{0,3000}?<li\b[^>]*>)/, (bullets) => `${bullets}<span>${said}</span>`)
        .replace(/(data-hook="review-body"[^>]*>)/g, (review) => `${review}<b>${said}</b>`)
        .replace(/<\/body>/i, () => `<p>${said}</p><h4>${said}</h4></body>`);
      const verdict = verdictOf(Buffer.from(body, 'latin1'), { ...PRODUCT, asin: row.asin ?? '' });
      assert.equal(verdict, 'product', row.file);
    }
  });
});
