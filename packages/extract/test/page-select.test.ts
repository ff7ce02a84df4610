import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { compile, selectAll } from 'css-select';
import type { AnyNode, Element } from 'domhandler';
import { parseDocument } from 'htmlparser2';
import { firstFrom, select } from '../src/page/index.ts';
import { findText } from '../src/page/find.ts';
import { readSelector } from '../src/page/selector.ts';
import { elementsBelow, pageOf } from './page-tools.ts';

const classes = fc
  .array(fc.constantFrom('a', 'b', 'a-b', 'ab', 'a&#45;b', ''), { maxLength: 3 })
  .map((tokens) => tokens.join(' '));
const attributes = fc
  .record(
    {
      class: classes,
      id: fc.constantFrom('x', 'x-1', 'y', '1-x', 'x&amp;1'),
      'data-hook': fc.constantFrom('x', 'x y', 'yx', ''),
    },
    { requiredKeys: [] },
  )
  .map((all) =>
    Object.entries(all)
      .map(([name, value]) => ` ${name}="${value}"`)
      .join(''),
  );
const html = fc
  .array(fc.oneof(fc.tuple(fc.constantFrom('div', 'span', 'a', 'li'), attributes), fc.constant(null)), {
    maxLength: 30,
  })
  .map((parts) => parts.map((part) => (part === null ? '</div>' : `<${part[0]}${part[1]}>`)).join(''));
const simple = fc.constantFrom(
  'div', 'a', '.a', '.a-b', '#x', '[id]', '[id=x]', '[id^=x]', '[id$="1"]', '[data-hook*=x]', '[class~=b]', 'span.a.b', 'div#x', 'li[data-hook="x y"]',
); // prettier-ignore
const selector = fc
  .array(
    fc.tuple(simple, fc.constantFrom(' ', ' > ', ', ')).map((pair) => pair),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.map(([one, next], i) => (i === parts.length - 1 ? one : one + next)).join(''));

suite('selectors over the outline', () => {
  test('find what css-select finds in the full document, below the document and below an element', () => {
    fc.assert(
      fc.property(html, selector, fc.nat(), (text, query, at) => {
        const page = pageOf(text);
        const full = parseDocument(text);
        const numberOf = new Map(elementsBelow(full).map((element, i) => [element, i]));
        const expected = (root: AnyNode): (number | undefined)[] =>
          selectAll<AnyNode, Element>(compile<AnyNode, Element>(query), root).map((element) => numberOf.get(element));
        const ours = new Map(elementsBelow(page.document()).map((element, i) => [element, i]));
        const found = (root: Parameters<typeof select>[0]): (number | undefined)[] =>
          select(root, query).map((element) => ours.get(element));
        assert.deepEqual(found(page.document()), expected(full));
        const roots = [...ours.keys()];
        if (roots.length === 0) return;
        const i = at % roots.length;
        const [a, b] = [roots[i], [...numberOf.keys()][i]];
        if (a !== undefined && b !== undefined) assert.deepEqual(found(a), expected(b));
      }),
      { numRuns: 2000 },
    );
  });

  test('a selector that it does not know is refused when it is read', () => {
    for (const query of [':not(.a)', 'a + b', 'a ~ b', ':first-child', '*', '']) {
      assert.throws(() => readSelector(query), query);
    }
  });

  test('elements know their neighbours and parents without being asked from above', () => {
    const page = pageOf('<ul id=list>x<li id=one>1<!-- c --><li id=two>2</ul><p id=after>');
    const two = page.byId('two');
    assert.equal(two?.prev, page.byId('one'));
    assert.equal(two?.parent, page.byId('list'));
    assert.equal(page.byId('list')?.next, page.byId('after'));
    assert.equal(page.byId('one')?.prev?.type, 'text');
  });
});

suite('texts and lists', () => {
  test('a text is found where indexOf finds it', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'e', 'Q', '"', '-', '~'), maxLength: 40 });
    const what = fc.string({ unit: fc.constantFrom('a', 'e', 'Q', '"', '-', '~'), minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(letters, what, fc.nat({ max: 45 }), (text, part, from) => {
        assert.equal(findText(text, part, from), text.indexOf(part, from));
      }),
      { numRuns: 5000 },
    );
  });

  test('the place of a number in a rising list', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 50 })), fc.nat({ max: 60 }), (numbers, from) => {
        const sorted = numbers.toSorted((a, b) => a - b);
        const at = sorted.findIndex((number) => number >= from);
        assert.equal(firstFrom(sorted, from), at === -1 ? sorted.length : at);
      }),
    );
  });
});
