import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEY_OVERLAP, MAX_ACTIVE_KEYS } from '@asa/contract';
import { rejects, startHouse } from './helpers.ts';

test('a key is replaced by another, and goes on working for a time', async (t) => {
  const { accounts, clock, node } = await startHouse(t);
  const { keys } = accounts;
  const { id } = await accounts.workspaces.create({ name: 'w', plan: 'pro' });
  const other = await node();
  const status = async (key: string, where = accounts) => (await where.keys.identify(key)).status;

  await t.test('both work until the old one ends, everywhere within the 10 s that a node remembers keys', async () => {
    const old = await keys.create(id, { name: 'shop', mode: 'live' });
    assert.equal(await status(old.key, other.accounts), 'ok');
    const made = await keys.rotate(old.id, 5);
    assert.deepEqual([made.name, made.mode], ['shop', 'live']);
    assert.notEqual(made.key, old.key);
    assert.equal(made.replaces.revokes_at, new Date(clock.ms + 5000).toISOString());
    clock.ms += 4999;
    assert.deepEqual([await status(old.key), await status(made.key)], ['ok', 'ok']);
    clock.ms += 1;
    assert.deepEqual([await status(old.key), await status(made.key)], ['revoked', 'ok']);
    clock.ms += 10_000;
    assert.equal(await status(old.key, other.accounts), 'revoked');
    const listed = (await keys.list(id)).find((key) => key.id === old.id);
    assert.equal(listed?.revoked_at, made.replaces.revokes_at);
    // Revoking it again changes nothing of when it ended.
    assert.equal((await keys.revoke(old.id)).revoked_at, made.replaces.revokes_at);
  });

  await t.test('a day unless told otherwise; at once when told so', async () => {
    const old = await keys.create(id, { name: 'a', mode: 'test' });
    const made = await keys.rotate(old.id);
    assert.equal(made.replaces.revokes_at, new Date(clock.ms + KEY_OVERLAP.default * 1000).toISOString());
    const next = await keys.rotate(made.id, 0);
    assert.deepEqual([await status(made.key), await status(next.key)], ['revoked', 'ok']);
    await rejects(keys.rotate(made.id), 'invalid_params', /was revoked/);
    await rejects(keys.rotate(old.id), 'invalid_params', /was replaced before/);
    await rejects(keys.rotate('key_0000000000000000'), 'not_found', /no key/);
  });

  await t.test('two rotations of one key at once: one of them makes the new key', async () => {
    const old = await keys.create(id, { name: 'b', mode: 'live' });
    const both = await Promise.allSettled([keys.rotate(old.id), other.accounts.keys.rotate(old.id)]);
    assert.deepEqual(both.map((one) => one.status).toSorted(), ['fulfilled', 'rejected']);
  });

  await t.test('a key and its successor both count as active, until the old one ended', async () => {
    const full = await accounts.workspaces.create({ name: 'full', plan: 'pro' });
    const made = [];
    for (let i = 0; i < MAX_ACTIVE_KEYS; i += 1) made.push(await keys.create(full.id, { name: 'k', mode: 'live' }));
    const [first, second] = made;
    assert.ok(first !== undefined && second !== undefined);
    await rejects(keys.rotate(first.id, 60), 'invalid_params', /20 active keys/);
    assert.equal(await status(first.key), 'ok', 'a refused rotation leaves the old key as it was');
    await keys.rotate(first.id, 0);
    await keys.revoke(second.id);
    const third = made[2];
    assert.ok(third !== undefined);
    await keys.rotate(third.id, 60);
    await rejects(keys.create(full.id, { name: 'x', mode: 'live' }), 'invalid_params', /20 active keys/);
    clock.ms += 60_000;
    await keys.create(full.id, { name: 'x', mode: 'live' });
  });
});
