import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatKey } from '@asa/contract';
import fc from 'fast-check';
import { addressGroup, createGuesses } from '../src/keys/guesses.ts';
import { createClock, startHouse } from './helpers.ts';

const BURST = 100;

test('over any time an address has its burst and one more each second, and whoever waits as told gets one', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2500 }), { maxLength: 400 }), (pauses) => {
      const clock = createClock();
      const guesses = createGuesses(clock.now);
      const start = clock.ms;
      let taken = 0;
      for (const pause of pauses) {
        clock.ms += pause;
        const wait = guesses.take('192.0.2.1');
        if (wait === 0) taken += 1;
        assert.ok(taken <= BURST + (clock.ms - start) / 1000 + 1e-6);
        if (wait === 0) continue;
        clock.ms += wait * 1000;
        assert.equal(guesses.take('192.0.2.1'), 0, 'the time to wait was told right');
        taken += 1;
      }
    }),
    { numRuns: 50 },
  );
});

test('addresses are told apart, IPv6 by its network, and only so many are remembered', () => {
  const clock = createClock();
  const guesses = createGuesses(clock.now);
  const use = (address: string): number => {
    let used = 0;
    while (guesses.take(address) === 0) used += 1;
    return used;
  };
  assert.equal(use('2001:db8:1:2::1'), BURST);
  assert.ok(guesses.take('2001:0DB8:0001:0002:ffff::9%eth0') > 0, 'the same /64');
  assert.equal(guesses.take('2001:db8:1:3::1'), 0);
  assert.equal(use('::ffff:192.0.2.7'), BURST);
  assert.ok(guesses.take('192.0.2.7') > 0);
  for (let i = 0; i < 12_000; i += 1) guesses.take(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  assert.ok(guesses.size() <= 10_000);
  assert.equal(addressGroup('::1'), '0:0:0:0::/64');
  assert.equal(addressGroup('fe80::1:2:3:4'), 'fe80:0:0:0::/64');
  assert.equal(addressGroup('1:2:3:4:5:6:7:8'), '1:2:3:4::/64');
});

test('keys that there are not: looked up in bounds, while good keys of the same address go on', async (t) => {
  const { accounts, store, clock } = await startHouse(t);
  const { keys } = accounts;
  const { id } = await accounts.workspaces.create({ name: 'w', plan: 'pro' });
  const known = await keys.create(id, { name: 'k', mode: 'live' });
  const fresh = await keys.create(id, { name: 'k', mode: 'live' });
  const address = '198.51.100.4';
  const guess = (i: number): string => formatKey('live', `Guess${String(i).padStart(27, '0')}`);
  const distinct = (i: number): string => formatKey('live', `${String(i).padStart(12, '0')}${'x'.repeat(20)}`);
  assert.equal((await keys.identify(known.key, address)).status, 'ok');

  await t.test('after a burst of wrong keys the address waits, and is told how long', async () => {
    const found = [];
    for (let i = 0; i < BURST + 50; i += 1) found.push(await keys.identify(distinct(i), address));
    assert.deepEqual(
      found.map(({ status }) => status),
      [...Array.from({ length: BURST }, () => 'unknown'), ...Array.from({ length: 50 }, () => 'throttled')],
    );
    assert.deepEqual(found.at(-1), { status: 'throttled', retryAfterSeconds: 1 });
    assert.equal((await keys.identify(distinct(9999), '198.51.100.5')).status, 'unknown', 'others are not affected');
  });

  await t.test('a key that was used here before works on, also when it has to be read again', async () => {
    assert.equal((await keys.identify(known.key, address)).status, 'ok');
    await accounts.workspaces.patch(id, { limits: { rps: 7 } });
    assert.equal((await keys.identify(known.key, address)).status, 'ok');
  });

  await t.test('a good key that is new here waits, and then works', async () => {
    const found = await keys.identify(fresh.key, address);
    assert.equal(found.status, 'throttled');
    clock.ms += found.retryAfterSeconds * 1000;
    assert.equal((await keys.identify(fresh.key, address)).status, 'ok');
  });

  await t.test('many requests at once with a good key that is new here are one look-up', async () => {
    clock.ms += 1000_000;
    const { key } = await keys.create(id, { name: 'k', mode: 'live' });
    const found = await Promise.all(
      Array.from({ length: 3 * BURST }, () => Promise.resolve(keys.identify(key, address))),
    );
    assert.deepEqual([...new Set(found.map(({ status }) => status))], ['ok']);
  });

  await t.test('one wrong key again and again is one guess, and costs one look-up', async () => {
    clock.ms += 1000_000;
    const queries: string[] = [];
    const { pool } = store;
    const { query } = pool;
    const watched = (...args: Parameters<typeof query>): unknown => {
      queries.push(JSON.stringify(args[0]));
      return Reflect.apply(query, pool, args);
    };
    Reflect.set(pool, 'query', watched);
    try {
      for (let i = 0; i < 1000; i += 1) assert.equal((await keys.identify(guess(1), address)).status, 'unknown');
    } finally {
      Reflect.deleteProperty(pool, 'query');
    }
    assert.equal(queries.length, 1);
  });

  await t.test('guessing the rest of a key whose start is known is counted, too', async () => {
    clock.ms += 1000_000;
    const wrong = `${known.short_prefix}${'0'.repeat(20)}`;
    for (let i = 0; i < BURST; i += 1) assert.equal((await keys.identify(wrong, address)).status, 'unknown');
    assert.equal((await keys.identify(wrong, address)).status, 'throttled');
    assert.equal((await keys.identify(known.key, address)).status, 'ok');
  });
});
