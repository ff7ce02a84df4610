import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parseDocument } from 'htmlparser2';
import type { Page } from '../src/page/index.ts';
import { CORPUS, corpusBody, corpusRows, differenceOf, elementsBelow, NO_CORPUS, pageOf } from './page-tools.ts';

/** Regions must be what the full document has under the same id: htmlparser2 over the whole text is the oracle. */
function assertSameAsFullDocument(page: Page, order: (ids: string[]) => string[]): void {
  const full = elementsBelow(parseDocument(page.source()));
  assert.equal(page.outline.count, full.length, 'as many elements');
  const byId = Map.groupBy(
    full.filter((element) => 'id' in element.attribs),
    (element) => element.attribs['id'] ?? '',
  );
  assert.deepEqual(page.idsPresent(), [...byId.keys()]);
  for (const id of order([...byId.keys()])) {
    const expected = byId.get(id) ?? [];
    const found = page.allById(id);
    assert.equal(found.length, expected.length, id);
    found.forEach((element, i) => assert.equal(differenceOf(element, expected[i]!, true), null, `#${id}`));
  }
}

const NAMES =
  'div span p a li ul tr td th table tbody thead form button option select h1 h2 dd dt body br img input script style ' +
  'title textarea noscript svg math path image foreignObject desc mi iframe x-y plaintext';
const references = [
  '&eacute;',
  '&notit;',
  '&#128;',
  '&#x41;',
  '&copy',
  '&amp=1',
  '&lt&gt',
  '?a=1&ref=2&reg=3',
  '&reg;',
  '&#8217;',
  '&#0;',
  '&apos;',
  '&AMP;',
  '&nbsp',
  '&;',
  '&#',
  '&#x',
  '& b',
  '&amp;amp;',
  '&quot;',
];
const name = fc.constantFrom(...NAMES.split(' '), 'DIV', 'Script', 'P', 'IMG', 'lineargradient');
const quoted = fc.constantFrom(
  'a',
  'b',
  'c',
  'd',
  ...references,
  '',
  'a b',
  'x>y',
  '<div id=z>',
  '&amp;',
  'é',
  '&lt;',
  'a/b',
);
const attribute = fc.oneof(
  fc
    .tuple(fc.constantFrom('id', 'ID', 'class', 'data-id', 'i', 'hidden', '=', '"', 'id2'), quoted)
    .chain(([key, value]) =>
      fc.constantFrom(
        ` ${key}="${value}"`,
        ` ${key}='${value}'`,
        ` ${key}=${value}`,
        ` ${key} = "${value}"`,
        ` ${key}`,
        `/${key}=${value}/`,
        `\n\t${key}="${value}`,
      ),
    ),
  fc.constantFrom(' ', '/', ' / ', '\f', '"', '<'),
);
const startTag = fc
  .tuple(name, fc.array(attribute, { maxLength: 3 }), fc.constantFrom('>', '>', '>', '/>', ' />', '/ >', ''))
  .map(([tag, attributes, end]) => `<${tag}${attributes.join('')}${end}`);
const endTag = fc.tuple(name, fc.constantFrom('>', '>', '>', ' >', ' id="a">', '/>', '')).map(([n, e]) => `</${n}${e}`);
const oddity = fc.constantFrom(
  ...references,
  '<!--', '-->', '<!-->', '<!--->', '--!>', '<!-- <div id="c"> -->', '<!---', '<![CDATA[', ']]>', '<!doctype html>', '<!d',
  '<!>', '<?', '<?x >', '</>', '</ x>', '</3', '<', '<<', '<3', '>', '&amp', '&#65', '&', '</script>', '</SCRIPT x>',
  '</scriptx>', '</title', "'", '"', 'text', ' ', '\u0000', 'é', '<!', '<!-', '<!->', '</br>', '</p>', '</foreignobject>',
); // prettier-ignore
const html = fc
  .array(fc.oneof({ weight: 5, arbitrary: startTag }, { weight: 4, arbitrary: endTag }, oddity), { maxLength: 40 })
  .map((parts) => parts.join(''));

/**
 * htmlparser2 12 makes text of the last characters of some pages that end inside a tag (it slices from -1); which ones
 * depends on how the page was handed over, so there is nothing to compare.
 */
const endsInTag = (text: string): boolean => /<\/?[a-z][^>]*$|\/\s*$/i.test(text);

suite('outline and regions', () => {
  test('on broken HTML, every region is what the full document has', () => {
    fc.assert(
      fc.property(html, fc.infiniteStream(fc.nat()), (text, random) => {
        fc.pre(!endsInTag(text));
        const keys = new Map<string, number>();
        const order = (ids: string[]): string[] => {
          for (const id of ids) keys.set(id, random.next().value);
          return ids.sort((a, b) => keys.get(a)! - keys.get(b)!);
        };
        assertSameAsFullDocument(pageOf(text), order);
      }),
      { numRuns: 3000 },
    );
  });

  test('the whole document is the same too, whichever regions were read before', () => {
    fc.assert(
      fc.property(html, fc.array(fc.constantFrom('a', 'b', 'c', 'd')), (text, ids) => {
        fc.pre(!endsInTag(text));
        const page = pageOf(text);
        const before = ids.map((id) => [id, page.byId(id)] as const);
        assert.equal(differenceOf(page.document(), parseDocument(text)), null);
        for (const [id, element] of before) assert.equal(page.byId(id), element, 'the same node as before');
      }),
      { numRuns: 1500 },
    );
  });

  test('on the pages of the corpus', (t) => {
    if (NO_CORPUS !== false) return t.skip(NO_CORPUS);
    // The kinds that are extracted; one list page in three keeps the test short.
    const rows = corpusRows().filter((row, i) => row.kind === 'product' || (row.kind === 'search' && i % 3 === 0));
    for (const [i, row] of rows.entries()) {
      const page = pageOf(corpusBody(row));
      const reversed = i % 2 === 0;
      try {
        assertSameAsFullDocument(page, (ids) => (reversed ? ids.reverse() : ids));
      } catch (error) {
        throw new Error(`${CORPUS}/${row.file}`, { cause: error });
      }
    }
    return undefined;
  });

  test('a region keeps its nodes: ids inside it, asked for before or after, are in it', () => {
    const page = pageOf('<div id=outer><p id=one>1<div id=two><b id=deep>x</b></div></div>');
    const deep = page.byId('deep');
    const outer = page.byId('outer');
    assert.ok(outer !== null && deep !== null);
    assert.ok(elementsBelow(outer).includes(deep));
    assert.equal(
      page.byId('two'),
      elementsBelow(outer).find((e) => e.attribs['id'] === 'two'),
    );
  });

  test('ids in scripts, comments and attribute values are no elements', () => {
    const page = pageOf(
      `<script>var x = '<div id="price">'</script><!-- <b id="price"> --><i title='<u id="price">' id="real"></i>`,
    );
    assert.equal(page.byId('price'), null);
    assert.equal(page.byId('real')?.name, 'i');
  });

  test('elements by attribute, class and tag', () => {
    const page = pageOf(
      `<ul><li class="x review y" data-hook="review">1<li class="reviews" data-hook='review'>2</ul><p title=review>`,
    );
    assert.deepEqual(page.allByAttr('data-hook', 'review').length, 2);
    assert.deepEqual(page.allByClass('review').length, 1);
    assert.deepEqual(page.allByTag('li').length, 2);
  });
});

suite('hostile pages', () => {
  const bounded = (text: string): Page => {
    const page = pageOf(text);
    page.byId('x');
    page.document();
    return page;
  };

  test('a million nested tags are read to a bounded depth', () => {
    const page = bounded(`<b id=x>${'<div>'.repeat(1e6)}`);
    assert.ok(page.outline.count < 1000);
  });

  test('very many tags that end nothing, of known and unknown names', () => {
    bounded(`${'<div>'.repeat(400)}${'</section>'.repeat(1e5)}${'</q-w>'.repeat(1e5)}`);
  });

  test('a huge attribute, an endless attribute, endless comments and scripts', () => {
    assert.equal(bounded(`<b id=x title="${'y'.repeat(4e6)}">t</b>`).byId('x')?.name, 'b');
    bounded(`<b id=x ${Array.from({ length: 2e5 }, (_, i) => `a${i}=1`).join(' ')}>`);
    bounded(`<b id=x>${'<i a="'.repeat(3e5)}`);
    bounded(`<b id=x>${'<!--'.repeat(5e5)}`);
    bounded(`<b id=x>${'<script></scrip'.repeat(2e5)}`);
    bounded(`<b id=x>${'<title>'.repeat(2e5)}`);
  });

  test('NUL bytes, lone surrogates and bytes of no encoding', () => {
    const page = pageOf(
      Buffer.concat([Buffer.from('<b id=x>\0'), Buffer.from([0xed, 0xa0, 0x80, 0xff, 0xc3]), Buffer.from('<i id=y>')]),
    );
    assert.equal(page.byId('y')?.name, 'i');
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('utf-8', 'shift_jis', 'utf-16le', 'gbk', 'nonsense'),
        (bytes, charset) => {
          const any = pageOf(bytes, `text/html; charset=${charset}`);
          any.document();
          any.source();
        },
      ),
    );
  });

  test('many regions with one id', () => {
    const page = pageOf('<p id=a>'.repeat(20_000));
    assert.equal(page.allById('a').length, 20_000);
  });
});
