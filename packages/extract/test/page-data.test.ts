import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parseLoose } from '../src/page/index.ts';
import { pageOf } from './page-tools.ts';

suite('data in scripts', () => {
  const script = (text: string) => pageOf(`<html><body><script>${text}</script></body></html>`);

  test('JSON and JavaScript literals after a marker', () => {
    const page = script(
      `var data = { 'colorImages': { 'initial': [{"hiRes":"https://x/é.jpg",thumb:null,},] }, n : 12, list:[1,2] };`,
    );
    assert.deepEqual(page.jsonAfter("'colorImages'"), { initial: [{ hiRes: 'https://x/é.jpg', thumb: null }] });
    assert.equal(page.jsonAfter(/\bn\b(?=\s*:)/), 12);
    assert.deepEqual(page.jsonAfter('list'), [1, 2]);
    assert.equal(page.jsonAfter('absent'), null);
  });

  test('a call that parses a string', () => {
    const page = script(
      String.raw`var o = jQuery.parseJSON('{"a":"it\'s \u0041","b":[1]}'); var p = JSON.parse("{\"c\":2}");`,
    );
    assert.deepEqual(page.jsonAfter('var o ='), { a: "it's A", b: [1] });
    assert.deepEqual(page.jsonAfter('var p ='), { c: 2 });
  });

  test('the first occurrence that has a literal', () => {
    const page = script(`log("parentAsin is missing"); x = {"parentAsin" : "B000PARENT"};`);
    assert.equal(page.jsonAfter('"parentAsin"'), 'B000PARENT');
    assert.equal(page.jsonAfter('parentAsin'), 'B000PARENT');
  });

  test('brackets and quotes inside strings do not count', () => {
    const page = script(`var t = {"a":"]}{'","b":'}"]',"c":{"d":"\\\\"}} ; var next = 1;`);
    assert.deepEqual(page.jsonAfter('var t'), { a: "]}{'", b: '}"]', c: { d: '\\' } });
  });

  test('expressions and cut texts are no data', () => {
    const page = script(`var a = foo(1); var b = {"x": bar()}; var c = {"y": [1, 2`);
    assert.equal(page.jsonAfter('var a'), null);
    assert.equal(page.jsonAfter('var b'), null);
    assert.equal(page.jsonAfter('var c'), null);
  });

  test('what JSON writes, the loose reader reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) =>
        assert.deepEqual(parseLoose(JSON.stringify(value)), JSON.parse(JSON.stringify(value))),
      ),
    );
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string(), (value, tail) => {
        const page = script(`var v = ${JSON.stringify(value).replaceAll('<', '\\u003c')};`);
        const read = page.jsonAfter('var v');
        if (value !== null) assert.deepEqual(read, JSON.parse(JSON.stringify(value)));
        parseLoose(`{"a":${tail}`);
      }),
    );
  });

  test('nesting without end is no literal and does not overflow', () => {
    assert.equal(parseLoose('['.repeat(1e5)), null);
    assert.equal(script(`var x = ${'{"a":'.repeat(1e5)}1`).jsonAfter('var x'), null);
  });

  test('a-state blocks by their key, JSON-LD, text between markers', () => {
    const page = pageOf(
      `<script type="a-state" data-a-state="{&quot;key&quot;:&quot;one&quot;}">{"v":1}</script>` +
        `<script type="a-state" data-a-state='{"key":"two"}'>{"v":</script>` +
        `<script type="application/ld+json">{"@type":"Product"}</script><!-- from here to there -->`,
    );
    assert.deepEqual(
      page.dataStates('one').map((state) => state.value),
      [{ v: 1 }],
    );
    assert.deepEqual(
      page.dataStates().map((state) => state.key),
      ['one', 'two'],
    );
    assert.equal(page.dataStates('two')[0]?.value, null);
    assert.deepEqual(page.jsonLd(), [{ '@type': 'Product' }]);
    assert.equal(page.between('from ', / to\b/), 'here');
    assert.equal(page.between('absent', 'x'), null);
  });
});
