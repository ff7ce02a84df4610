import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BASE62, formatKey, isShortPrefix, KEY_MODES, maskKeys, parseKey, SECRET_CHARACTERS } from '../src/index.ts';

const secret = fc.string({
  unit: fc.constantFrom(...BASE62.split('')),
  minLength: SECRET_CHARACTERS,
  maxLength: SECRET_CHARACTERS,
});
const mode = fc.constantFrom(...KEY_MODES);

test('a key is its kind and 32 characters; its short prefix shows 12 of them', () => {
  fc.assert(
    fc.property(mode, secret, (kind, text) => {
      const key = formatKey(kind, text);
      const shortPrefix = `asa_${kind}_${text.slice(0, 12)}`;
      assert.deepEqual(parseKey(key), { mode: kind, shortPrefix });
      assert.ok(isShortPrefix(shortPrefix));
      assert.equal(isShortPrefix(key), false);
      for (const wrong of [
        `${key}0`,
        key.slice(1),
        ` ${key}`,
        `${key}\n`,
        key.toUpperCase(),
        shortPrefix,
        key.replace('_', '-'),
      ]) {
        assert.equal(parseKey(wrong), null, wrong);
      }
    }),
  );
});

test('a key in a text is cut down to its short prefix, everywhere', () => {
  fc.assert(
    fc.property(mode, secret, fc.string(), fc.string(), (kind, text, before, after) => {
      const key = formatKey(kind, text);
      const masked = maskKeys(`${before}${key} ${key}"${after}`);
      assert.equal(masked.includes(key), false);
      assert.ok(masked.includes(`${key.slice(0, 21)} ${key.slice(0, 21)}"`));
    }),
  );
  assert.equal(maskKeys('asa_live_short'), 'asa_live_short');
});
