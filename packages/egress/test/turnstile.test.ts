import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turnstile, type Sign } from '../src/policy/turnstile.ts';

const never = new AbortController().signal;

/** Who got a sign, in order. */
function watch(turnstile: Turnstile, names: readonly string[], signal = never): string[] {
  const got: string[] = [];
  for (const name of names) void turnstile.wait(signal).then((sign) => got.push(sign === null ? `${name} left` : name));
  return got;
}
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

test('each place that becomes free is told to one, in order of arrival', async () => {
  const turnstile = new Turnstile();
  const got = watch(turnstile, ['a', 'b', 'c']);
  turnstile.open();
  await settled();
  assert.deepEqual([got, turnstile.waiting], [['a'], 2]);
  turnstile.open();
  turnstile.open();
  turnstile.open();
  await settled();
  assert.deepEqual([got, turnstile.waiting, turnstile.opened], [['a', 'b', 'c'], 0, 4]);
});

test('who gives up leaves the line and takes no sign', async () => {
  const turnstile = new Turnstile();
  const gone = new AbortController();
  const got = watch(turnstile, ['a'], gone.signal);
  watch(turnstile, ['b']).push();
  gone.abort();
  await settled();
  assert.deepEqual([got, turnstile.waiting], [['a left'], 1]);
  assert.equal(await turnstile.wait(gone.signal), null);
});

test('a sign that nobody can use goes once round the line, and not for ever', async () => {
  const turnstile = new Turnstile();
  let tries = 0;
  const picky = async (): Promise<void> => {
    let sign: Sign | null = null;
    for (;;) {
      if (sign !== null) turnstile.handOn(sign);
      sign = await turnstile.wait(never);
      tries += 1;
    }
  };
  for (let i = 0; i < 5; i += 1) void picky();
  turnstile.open();
  await settled();
  assert.deepEqual([tries, turnstile.waiting], [5, 5]);
});
