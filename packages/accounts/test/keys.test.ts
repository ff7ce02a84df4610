import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatKey, isShortPrefix, MAX_ACTIVE_KEYS, parseKey } from '@asa/contract';
import { newSecret } from '../src/keys/secret.ts';
import { createCache } from '../src/keys/cache.ts';
import { createClock, rejects, startHouse } from './helpers.ts';

test('keys are made, recognised, listed and revoked', async (t) => {
  const { store, accounts, clock, node } = await startHouse(t);
  const { keys, workspaces } = accounts;
  const workspace = await workspaces.create({ name: 'shop', plan: 'vibe' });

  await t.test('a key is shown once and stored as a hash', async () => {
    const made = await keys.create(workspace.id, { name: 'first', mode: 'live' });
    assert.equal(parseKey(made.key)?.shortPrefix, made.short_prefix);
    assert.ok(isShortPrefix(made.short_prefix));
    assert.deepEqual(await keys.identify(made.key), {
      status: 'ok',
      principal: {
        keyId: made.id,
        workspaceId: workspace.id,
        shortPrefix: made.short_prefix,
        mode: 'live',
        plan: 'vibe',
        limits: { rps: 10, burst_rps: 40, concurrency: 100 },
        exitCountryOfChoice: true,
        line: made.id,
        budgeted: false,
        topUpBelow: null,
      },
    });
    const secret = made.key.slice(made.short_prefix.length);
    for (const table of ['api_keys', 'workspaces', 'asa_meta', 'ledger_entries']) {
      const rows = await store.query(`SELECT 1 FROM ${table} x WHERE x::text LIKE '%' || $1 || '%'`, [secret]);
      assert.deepEqual(rows, [], `the secret is not in ${table}`);
    }
  });

  await t.test('what is no key of ours is malformed or unknown', async () => {
    const { key, short_prefix } = await keys.create(workspace.id, { name: 'x', mode: 'test' });
    for (const text of [
      '',
      'asa_live_',
      `${key}x`,
      key.slice(0, -1),
      ` ${key}`,
      `${key}\n`,
      key.replace('test', 'best'),
    ]) {
      assert.deepEqual(await keys.identify(text), { status: 'malformed' }, JSON.stringify(text));
    }
    const other = `${short_prefix}${'0'.repeat(20)}`;
    assert.deepEqual(await keys.identify(other), { status: 'unknown' }, 'the prefix of a key is not the key');
    assert.deepEqual(await keys.identify(formatKey('live', '0'.repeat(32))), { status: 'unknown' });
    assert.equal((await keys.identify(key)).status, 'ok');
  });

  await t.test('a revocation holds at once here, and within 10 s on another node', async () => {
    const other = await node();
    const made = await keys.create(workspace.id, { name: 'x', mode: 'live' });
    for (const each of [accounts, other.accounts]) assert.equal((await each.keys.identify(made.key)).status, 'ok');
    clock.ms += 5000;
    const revoked = await keys.revoke(made.id);
    assert.equal(revoked.revoked_at, new Date(clock.ms).toISOString());
    assert.deepEqual(await keys.identify(made.key), { status: 'revoked' });
    clock.ms += 5000;
    assert.deepEqual(await other.accounts.keys.identify(made.key), { status: 'revoked' });
    assert.deepEqual((await keys.revoke(made.id)).revoked_at, revoked.revoked_at, 'the first revocation stays');
  });

  await t.test('a revocation is not undone by a look-up that was under way', async () => {
    const made = await keys.create(workspace.id, { name: 'x', mode: 'live' });
    for (let round = 0; round < 20; round += 1) {
      const racing = round === 10 ? keys.revoke(made.id) : null;
      clock.ms += 10_000;
      await Promise.all([keys.identify(made.key), racing]);
      if (round >= 10) assert.equal((await keys.identify(made.key)).status, 'revoked');
    }
  });

  await t.test('unknown ids are not found', async () => {
    await rejects(keys.revoke('key_0000000000000000'), 'not_found', /no key "key_0000000000000000"/);
    await rejects(keys.revoke('nul\0'), 'not_found', /no key/);
    await rejects(keys.list('ws_0000000000000000'), 'not_found', /no workspace/);
    await rejects(keys.create('ws_0000000000000000', { name: 'x', mode: 'live' }), 'not_found', /no workspace/);
    await rejects(keys.create(workspace.id, { name: 'a\0', mode: 'live' }), 'invalid_params', /name .*NUL/);
  });

  await t.test('ceilings that are changed hold at once', async () => {
    const made = await keys.create(workspace.id, { name: 'x', mode: 'live' });
    await keys.identify(made.key);
    await workspaces.patch(workspace.id, { limits: { concurrency: 7 } });
    const found = await keys.identify(made.key);
    assert.ok(found.status === 'ok');
    assert.deepEqual(found.principal.limits, { rps: 10, burst_rps: 40, concurrency: 7 });
  });

  await t.test('the last use is seen in the list, to within 10 s', async () => {
    const made = await keys.create(workspace.id, { name: 'used', mode: 'live' });
    const lastUsed = async () => (await keys.list(workspace.id)).find((key) => key.id === made.id)?.last_used_at;
    assert.equal(await lastUsed(), null);
    const first = new Date(clock.ms).toISOString();
    await keys.identify(made.key);
    assert.equal(await lastUsed(), first);
    clock.ms += 9_999;
    await keys.identify(made.key);
    assert.equal(await lastUsed(), first, 'not a write per request');
    clock.ms += 1;
    await keys.identify(made.key);
    assert.equal(await lastUsed(), new Date(clock.ms).toISOString());
  });
});

test('at most 20 keys are active, also when many are made at once', async (t) => {
  const { accounts, clock } = await startHouse(t);
  const { keys, workspaces } = accounts;
  const { id } = await workspaces.create({ name: 'shop', plan: 'free' });
  const tries = await Promise.allSettled(
    Array.from({ length: MAX_ACTIVE_KEYS + 5 }, (_, i) => keys.create(id, { name: `${i}`, mode: 'live' })),
  );
  assert.equal(tries.filter((one) => one.status === 'fulfilled').length, MAX_ACTIVE_KEYS);
  await rejects(keys.create(id, { name: 'x', mode: 'live' }), 'invalid_params', /has 20 active keys/);
  const [first] = await keys.list(id);
  assert.ok(first !== undefined);
  clock.ms += 1000;
  await keys.revoke(first.id);
  await keys.create(id, { name: 'in its place', mode: 'live' });
  await rejects(keys.create(id, { name: 'x', mode: 'live' }), 'invalid_params', /20 active keys/);
  assert.equal((await keys.list(id)).length, MAX_ACTIVE_KEYS + 1, 'a revoked key is listed for 90 days');
  clock.ms += 91 * 86_400_000;
  assert.equal((await keys.list(id)).length, MAX_ACTIVE_KEYS);
});

test('secrets use every character, none more than others', () => {
  let next = 0;
  const all = newSecret((size) => Uint8Array.from({ length: size }, () => next++ % 256));
  assert.equal(all.length, 32);
  const counts = new Map<string, number>();
  let byte = 0;
  for (let i = 0; i < 31; i += 1) {
    for (const character of newSecret((size) => Uint8Array.from({ length: size }, () => byte++ % 256))) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
  }
  assert.equal(counts.size, 62);
  // Bytes that would favour some characters are thrown away.
  const limited = newSecret((size) => Uint8Array.from({ length: size }, (_, i) => (i % 2 === 0 ? 255 : 61)));
  assert.equal(limited, 'z'.repeat(32));
});

test('the cache is bounded in number and age, and shares loads', async () => {
  const clock = createClock();
  const cache = createCache<string>({ size: 2, ttlMs: 1000, now: clock.now });
  let loads = 0;
  const read = (key: string) =>
    cache.read(key, () => {
      loads += 1;
      return Promise.resolve(key);
    });
  await Promise.all([read('a'), read('a'), read('a')]);
  assert.equal(loads, 1);
  await read('b');
  await read('a');
  await read('c');
  assert.deepEqual(
    [cache.get('a'), cache.get('b'), cache.get('c')],
    ['a', undefined, 'c'],
    'b was used least recently',
  );
  clock.ms += 999;
  assert.equal(cache.get('a'), 'a');
  clock.ms += 1;
  assert.equal(cache.get('a'), undefined);
  assert.equal(await cache.read('none', () => Promise.resolve(null)), null);

  const { promise: loaded, resolve: finish } = Promise.withResolvers<string>();
  const slow = cache.read('slow', () => loaded);
  cache.clear();
  finish('old');
  assert.equal(await slow, 'old');
  assert.equal(cache.get('slow'), undefined, 'what was loaded before a clear is not kept');
  await assert.rejects(
    cache.read('bad', () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(await cache.read('bad', () => Promise.resolve('good')), 'good', 'a failure is not kept');
});
