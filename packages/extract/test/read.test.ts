import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { Page } from '../src/page/index.ts';
import { productPage as productFields } from '../src/product/index.ts';
import { fixture, PRODUCT, productPage, reading, SEARCH } from './judge-tools.ts';

suite('readPage', () => {
  test('a product with its fields and their report', () => {
    const read = reading(productPage());
    assert.ok(read.verdict === 'product');
    assert.equal(read.product.title, 'A lamp of the tests');
    assert.equal(read.product.price, 19.99);
    assert.ok(read.fields.found.includes('price') && read.fields.missing.includes('coupon'));
    assert.deepEqual([read.fields.failed, read.bugs], [[], []]);
  });

  test('a list with its cards', () => {
    const read = reading(fixture('search/grid-2025/page'), { target: SEARCH });
    assert.ok(read.verdict === 'list');
    assert.ok(read.list.products.length > 0);
  });

  test('another product names the ASIN of the page', () => {
    const read = reading(productPage(), { target: { ...PRODUCT, asin: 'B000OTHER9' } });
    assert.deepEqual(read, { verdict: 'other_product', pageAsin: 'B000TEST01', fields: null });
  });

  test('a product page with neither a price nor a reason for none is not read', () => {
    const priceless = productPage()
      .replace(/<div id="corePriceDisplay[\s\S]*?<\/div>/, '')
      .replace(/<div id="availability">.*?<\/div>/, '<div id="availability"></div>');
    const read = reading(priceless);
    assert.equal(read.verdict, 'unknown');
    assert.ok('fingerprint' in read && read.fingerprint !== null && /^[0-9a-f]{12}$/.test(read.fingerprint));
  });

  test('one layout fails under one name, whatever the product; another layout under another', () => {
    const print = (page: string): string | null => {
      const read = reading(page);
      assert.equal(read.verdict, 'unknown');
      return 'fingerprint' in read ? read.fingerprint : null;
    };
    const broken = (title: string): string =>
      `<!doctype html><html><body><div id="dp"><div id="ppd"><h2>${title}</h2></div></div></body></html>`;
    assert.equal(print(broken('one')), print(broken('two')));
    assert.notEqual(print(broken('one')), print('<!doctype html><html><body><div id="dp">x</div></body></html>'));
  });

  test('a block page has no fingerprint: it is no failure of the extractor', () => {
    const read = reading(fixture('judge/captcha'));
    assert.deepEqual(read, { verdict: 'captcha', fingerprint: null, fields: null, bugs: [] });
  });

  test('a page cut short is truncated, wherever it is cut', () => {
    const page = productPage();
    for (const mark of ['a-price-whole', 'In Stock', '<div id="cm-cr-dp-review-list">', '</html>']) {
      assert.deepEqual(
        reading(page.slice(0, page.indexOf(mark))),
        { verdict: 'truncated', fingerprint: null, fields: null, bugs: [] },
        mark,
      );
    }
  });

  test('a bug in a field that no answer can do without: the page is not read, and the log hears of it', () => {
    const fields = productFields as { title: (page: Page) => string };
    const { title } = fields;
    fields.title = () => {
      throw new Error('a bug in the title');
    };
    try {
      const read = reading(productPage());
      assert.ok(read.verdict === 'unknown');
      assert.deepEqual(read.fields?.failed, ['title']);
      assert.match(read.bugs.join('\n'), /^title: Error: a bug in the title\n\s+at /);
      assert.ok(read.fingerprint !== null);
    } finally {
      fields.title = title;
    }
  });

  test('the caller hears when the page has been judged', () => {
    const heard: string[] = [];
    for (const page of [productPage(), fixture('judge/captcha')]) {
      reading(page, {}, () => heard.push('judged'));
    }
    assert.deepEqual(heard, ['judged', 'judged']);
  });
});

suite('pages that were damaged on the way', () => {
  const pages = [
    productPage(),
    fixture('search/grid-2025/page'),
    fixture('search/items-2019/page'),
    fixture('judge/captcha'),
  ];
  const cut = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat(400),
    fc.constantFrom('', '<', '"', '</div>', '<script>', '\0', '&#0;', '}', 'é'),
  );

  test('reading never throws, whatever was cut out or put in', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...pages),
        fc.array(cut, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        (page, cuts, search) => {
          let damaged = page;
          for (const [share, length, put] of cuts) {
            const at = Math.floor(damaged.length * share);
            damaged = damaged.slice(0, at) + put + damaged.slice(at + length);
          }
          const { verdict } = reading(damaged, search ? { target: SEARCH } : {});
          assert.equal(typeof verdict, 'string');
        },
      ),
      { numRuns: 400 },
    );
  });
});
