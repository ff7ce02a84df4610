import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ALL_LANGUAGES, shopWords, VERDICTS, type BlockWords, type PageVerdict } from '@asa/contract';
import fc from 'fast-check';
import { fixture, PRODUCT, productPage, SEARCH, verdictOf } from './judge-tools.ts';

const BLOCKS: readonly (readonly [string, PageVerdict])[] = [
  ['captcha', 'captcha'],
  ['captcha-account', 'captcha'],
  ['continue_shopping', 'continue_shopping'],
  ['continue_shopping-head-only', 'continue_shopping'],
  ['waf-script', 'waf'],
  ['waf-interstitial', 'waf'],
  ['sign_in', 'sign_in'],
  ['sign_in-claim', 'sign_in'],
  ['service_unavailable', 'service_unavailable'],
  ['service_unavailable-old', 'service_unavailable'],
  ['not_found', 'not_found'],
];
const STATUSES = [200, 202, 403, 404, 429, 500, 503];

suite('pages that come instead', () => {
  for (const [name, verdict] of BLOCKS) {
    test(`${name} is ${verdict}, whatever the status and the target`, () => {
      for (const status of STATUSES) {
        assert.equal(verdictOf(fixture(`judge/${name}`), { status }), verdict, `status ${status}`);
        assert.equal(verdictOf(fixture(`judge/${name}`), { status, target: SEARCH }), verdict, `status ${status}`);
      }
    });
  }

  test('harmless markup before, after and around a block page changes nothing', () => {
    const word = fc.constantFrom('hello', 'free delivery', 'product', '&nbsp;', '☂', 'a < b', 'lamp');
    const tag = fc.constantFrom('div', 'p', 'section', 'span', 'main', 'table', 'ul');
    const markup = fc.oneof(
      word,
      fc.tuple(tag, word).map(([name, text]) => `<${name} class="x-${name}">${text}</${name}>`),
      fc.constantFrom(
        '<!-- a comment -->',
        '<style>p{color:red}</style>',
        '<script>var a = 1;</script>',
        '<br>',
        '<hr>',
        '<img src="/x.png" alt="a picture">',
      ),
    );
    const some = fc.array(markup, { maxLength: 30 }).map((parts) => parts.join('\n'));
    fc.assert(
      fc.property(fc.constantFrom(...BLOCKS), some, some, fc.option(tag), ([name, verdict], before, after, around) => {
        const page = fixture(`judge/${name}`);
        const wrapped = around === null ? page : `<${around}>${page}</${around}>`;
        assert.equal(verdictOf(before + wrapped + after), verdict);
        assert.equal(verdictOf(before + wrapped + after, { target: SEARCH }), verdict);
      }),
      { numRuns: 150 },
    );
  });

  test('a page known by its words alone is known in every language', () => {
    const cases: readonly (readonly [PageVerdict, keyof BlockWords, (text: string) => string])[] = [
      ['captcha', 'captchaPrompt', (text) => `<h4>${text}</h4>`],
      ['continue_shopping', 'continueShoppingPrompt', (text) => `<h4>${text}</h4>`],
      ['continue_shopping', 'continueShopping', (text) => `<form><button>${text}</button></form>`],
      ['sign_in', 'signInTitle', (text) => `<title>${text}</title>`],
      ['not_found', 'notFoundTitle', (text) => `<title>${text}</title>`],
      ['not_found', 'notFoundText', (text) => `<img alt="${text}">`],
      ['not_found', 'notFoundText', (text) => `<p>${text}</p>`],
      ['service_unavailable', 'serviceUnavailableTitle', (text) => `<title>Amazon ${text}</title>`],
      ['service_unavailable', 'serviceUnavailableText', (text) => `<img alt="${text}">`],
    ];
    for (const language of ALL_LANGUAGES) {
      for (const [verdict, key, page] of cases) {
        for (const phrase of shopWords(language)[key]) {
          const body = `<!doctype html><html><body>${page(phrase.replaceAll('"', '&quot;'))}</body></html>`;
          assert.equal(verdictOf(body), verdict, `${language} ${key}: ${phrase}`);
        }
      }
    }
  });
});

test('what each of them answers a request with, when it is the last word', () => {
  for (const [name, verdict] of BLOCKS) {
    const { lastWord } = VERDICTS[verdict];
    assert.equal(lastWord, verdict === 'not_found' ? 'product_not_found' : 'blocked_by_amazon', name);
  }
});

suite('words of block pages in readable pages', () => {
  const words = ALL_LANGUAGES.flatMap((language) => {
    const shop = shopWords(language);
    return [...shop.captchaPrompt, ...shop.notFoundTitle, ...shop.serviceUnavailableTitle, ...shop.continueShopping];
  });
  const sentence = fc.constantFrom(
    ...words,
    'captcha',
    'robot check',
    '/errors/validateCaptcha',
    'opfcaptcha.amazon.com',
    '503 - Service Unavailable',
  );

  test('a product stays a product', () => {
    fc.assert(
      fc.property(sentence, sentence, sentence, fc.constantFrom(...STATUSES), (title, bullet, review, status) => {
        assert.equal(verdictOf(productPage({ title, bullet, review }), { status }), 'product');
      }),
      { numRuns: 150 },
    );
  });

  test('a list stays a list', () => {
    fc.assert(
      fc.property(sentence, fc.constantFrom(...STATUSES), (title, status) => {
        const page = fixture('search/grid-2025/page').replaceAll('Lamp', title);
        assert.equal(verdictOf(page, { status, target: SEARCH }), 'list');
      }),
      { numRuns: 50 },
    );
  });
});

suite('the product asked for', () => {
  const askedFor = (asin: string) => ({ target: { ...PRODUCT, asin, url: `https://www.amazon.com/dp/${asin}` } });

  test('another product is said to be another', () => {
    assert.equal(verdictOf(productPage(), askedFor('B000OTHER9')), 'other_product');
    assert.equal(verdictOf(productPage(), { ...askedFor('B000OTHER9'), status: 404 }), 'other_product');
  });

  test('a parent that is answered by its child is the product', () => {
    const child = productPage().replace(
      '</body>',
      '<script>var t = {"parentAsin":"B000PARENT","currentAsin":"B000TEST01"};</script></body>',
    );
    assert.equal(verdictOf(child, askedFor('B000PARENT')), 'product');
    assert.equal(verdictOf(child, askedFor('B000PARENX')), 'other_product');
  });

  test('a page that names no ASIN is taken for the one asked', () => {
    const nameless = productPage().replaceAll('B000TEST01', '');
    assert.equal(verdictOf(nameless, askedFor('B000OTHER9')), 'product');
  });

  test('a list, a bestseller page and a page of other products are shelves', () => {
    assert.equal(verdictOf(fixture('search/grid-2025/page')), 'shelf');
    assert.equal(verdictOf(fixture('judge/shelf-bestsellers')), 'shelf');
    const links = Array.from({ length: 12 }, (_, i) => `<a href="/x/dp/B0000000${10 + i}/ref=1">x</a>`).join('');
    assert.equal(verdictOf(`<html><body><h1>Lamps</h1>${links}</body></html>`), 'shelf');
    assert.equal(verdictOf(`<html><body><h1>Lamps</h1>${links} B000TEST01</body></html>`), 'unknown');
  });

  test('a product is no answer to a search', () => {
    assert.equal(verdictOf(productPage(), { target: SEARCH }), 'unknown');
  });
});

suite('what the status says of a page that says nothing', () => {
  const nothing = '<!doctype html><html><head><title>x</title></head><body>y</body></html>';
  const cases: readonly (readonly [number, PageVerdict])[] = [
    [200, 'unknown'],
    [202, 'waf'],
    [403, 'refused'],
    [404, 'not_found'],
    [410, 'not_found'],
    [429, 'refused'],
    [500, 'refused'],
    [502, 'refused'],
    [503, 'service_unavailable'],
  ];
  for (const [status, verdict] of cases) {
    test(`${status}: ${verdict}`, () => {
      assert.equal(verdictOf(nothing, { status }), verdict);
      assert.equal(verdictOf('', { status }), status === 200 ? 'empty' : verdict);
      assert.equal(verdictOf('{"message":"no"}', { status }), status === 200 ? 'not_html' : verdict);
    });
  }

  test("a proxy's own error is no answer of the marketplace", () => {
    assert.equal(verdictOf(nothing, { status: 503, headers: { 'X-Squid-Error': 'ERR_CONNECT_FAIL 110' } }), 'refused');
  });

  test('the firewall names itself in a header', () => {
    assert.equal(verdictOf('', { status: 202, headers: { 'x-amzn-waf-action': 'challenge' } }), 'waf');
    assert.equal(verdictOf('', { status: 405, headers: { 'x-amzn-waf-action': 'captcha' } }), 'waf');
    assert.equal(verdictOf(productPage(), { headers: { 'x-amzn-waf-action': 'allow' } }), 'product');
  });
});

suite('pages of other kinds', () => {
  test('empty, white space, not HTML', () => {
    assert.equal(verdictOf(' \n\0\t'), 'empty');
    assert.equal(verdictOf('just text'), 'not_html');
    assert.equal(
      verdictOf('["dispatch","data",{"html":"<div>x</div>"}]', { contentType: 'application/json' }),
      'not_html',
    );
    assert.equal(verdictOf(Buffer.from('89504e470d0a1a0a3c613e', 'hex'), { contentType: 'image/png' }), 'not_html');
  });

  test('offers and home', () => {
    assert.equal(verdictOf(fixture('judge/offers')), 'offers');
    assert.equal(verdictOf(fixture('judge/home')), 'home');
    assert.equal(verdictOf(fixture('judge/home'), { target: SEARCH }), 'home');
  });

  test('a page cut short before it shows anything is truncated', () => {
    const page = productPage();
    assert.equal(verdictOf(page.slice(0, page.indexOf('<body>') + 6)), 'truncated');
    const list = fixture('search/grid-2025/page');
    assert.equal(verdictOf(list.slice(0, list.lastIndexOf('s-search-result')), { target: SEARCH }), 'truncated');
    assert.equal(verdictOf(list.slice(0, list.indexOf('<!-- after the list -->')), { target: SEARCH }), 'truncated');
  });
});

suite('families and pages that run into one another', () => {
  const asked = { ...PRODUCT, asin: 'B000PARENT', url: 'https://www.amazon.com/dp/B000PARENT' };

  test("the family of a rail's product is not the page's", () => {
    const rail = `<div class="a-carousel" data-a-carousel-options='{"parentAsin":"B000PARENT"}'></div></body>`;
    assert.equal(verdictOf(productPage().replace('</body>', rail), { target: asked }), 'other_product');
    const several = '<script>var a = {"parentAsin":"B000PARENT"}, b = {"parentAsin":"B000TEST01"};</script></body>';
    assert.equal(verdictOf(productPage().replace('</body>', several), { target: asked }), 'other_product');
  });

  test('two products in one body are none', () => {
    const other = productPage().replaceAll('B000TEST01', 'B000OTHER9').replaceAll('A lamp', 'A chair');
    assert.equal(verdictOf(productPage() + other), 'truncated');
    assert.equal(verdictOf(other + productPage()), 'truncated');
  });
});
