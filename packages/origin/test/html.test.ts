import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from 'cheerio/slim';
import fc from 'fast-check';
import { markup, raw, scriptJson } from '../src/page/html.ts';

test('text in a template reads back as it was, between tags and in attributes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      // Parsers fold line ends and replace NUL; that is no matter of escaping.
      const clean = text.replaceAll(/[\r\u0000]/g, ' ');
      const $ = load(markup`<p title="${clean}">|${clean}|</p>`.text);
      assert.equal($('p').attr('title'), clean);
      assert.equal($('p').text(), `|${clean}|`);
    }),
  );
});

test('null and false vanish, lists are joined, markup stays', () => {
  assert.equal(markup`<i>${null}${false}${['a', raw('<b>'), 1]}</i>`.text, '<i>a<b>1</i>');
});

test('JSON in a script cannot end the script and reads back', () => {
  const value = { a: '</script><!-- <script>', b: ['"', "'"] };
  const { text } = scriptJson(value);
  assert.deepEqual(JSON.parse(text), value);
  assert.equal(load(`<script>${text}</script>`)('script').text(), text);
});
