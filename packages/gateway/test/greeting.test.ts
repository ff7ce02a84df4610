import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greet } from '../src/greeting.ts';

const URL = 'http://localhost:8080';
const KEYS = { liveKey: `asa_live_${'L'.repeat(32)}`, testKey: `asa_test_${'T'.repeat(32)}` };
const SERVER = {
  url: URL,
  dataDir: '/srv/asa',
  firstStart: null,
  keysFile: null,
  adminTokenFile: '/srv/asa/admin-token',
};

function greeting(server: Partial<Parameters<typeof greet>[0]>, isTerminal: boolean): string {
  const lines: string[] = [];
  greet({ ...SERVER, ...server }, { isTerminal, print: (line) => lines.push(line) });
  return lines.join('\n');
}

test('the first start on a terminal shows where it listens, the docs, the data, both keys, the admin token and one line to try', () => {
  const text = greeting({ firstStart: KEYS }, true);
  for (const part of [
    `listens on ${URL} `,
    `${URL}/docs/`,
    '/srv/asa ',
    KEYS.liveKey,
    KEYS.testKey,
    '/srv/asa/admin-token',
  ])
    assert.ok(`${text} `.includes(part.trimEnd()), part);
  assert.equal(text.match(/^ {2}curl .*$/gm)?.length, 1);
  assert.ok(text.includes(`Bearer ${KEYS.testKey}`), 'the line to try uses the key that costs nothing');
});

test('a later start shows no key, and still one line to try', () => {
  const text = greeting({}, true);
  assert.doesNotMatch(text, /asa_(?:live|test)_\w/);
  assert.match(text, /^ {2}curl .*\$ASA_API_KEY.*$/m);
});

test('without a terminal it is one line, and at the first start where the keys are; never a key', () => {
  assert.equal(greeting({}, false).split('\n').length, 1);
  const first = greeting({ firstStart: KEYS, keysFile: '/srv/asa/first-keys.json' }, false);
  assert.match(first, /first-keys\.json/);
  assert.doesNotMatch(first, /asa_(?:live|test)_\w/);
});
