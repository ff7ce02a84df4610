import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { entryHash, GENESIS } from '../src/ledger/chain.ts';
import { checkBooks, hold, startHouse } from './helpers.ts';

test('the form of an entry is permanent', () => {
  const entry = {
    workspaceId: 'ws_0123456789abcdef',
    seq: 1,
    kind: 'topup',
    allowance: 0,
    topup: 500,
    period: 0,
    requestId: null,
    keyId: null,
    reason: 'opening "top-up" é',
    createdAt: '2026-05-20T10:00:00.000Z',
  } as const;
  // Made with: printf '%s%s' "$(printf '0%.0s' $(seq 64))" '["ws_0123456789abcdef",1,"topup",500,0,500,0,null,null,"opening \"top-up\" é","2026-05-20T10:00:00.000Z"]' | sha256sum
  assert.equal(entryHash(GENESIS, entry), '0e30e1bf2bbdb0a156055ff12b9d679757d7a69d5b0dfd4f1d6f213a1a93cdf7');
});

test('a ledger from before there were chains gets the chain that it would have had', async (t) => {
  const { store, accounts, clock } = await startHouse(t, '2026-01-31T08:00:00.123Z');
  const { ledger, workspaces } = accounts;
  for (const reason of [
    'plain',
    'quotes " and \\ and /',
    'tab\tnew\nline \u0001\u001f\u007f\b\f\r',
    'ü ж 日本 🛒 \u2028',
  ]) {
    const { id } = await workspaces.create({ name: 'w', plan: 'custom', allowance: 40, credits: 100 });
    await workspaces.credits(id, { amount: 7, reason, idempotencyKey: null });
    const [one, two, three] = [await hold(accounts, id, 5), await hold(accounts, id, 50), await hold(accounts, id, 5)];
    await ledger.capture(one, 5);
    clock.ms += 40 * 86_400_000;
    await ledger.release(two);
    await ledger.capture(three, 5);
    await ledger.undo(three);
  }
  await workspaces.create({ name: 'empty', plan: 'custom' });
  await checkBooks(store);
  const chains = () =>
    store.query(`SELECT id, workspace_id, seq, encode(hash, 'hex') AS hash FROM ledger_entries ORDER BY id`);
  const ends = () => store.query(`SELECT workspace_id, seq, encode(hash, 'hex') AS hash FROM balances ORDER BY 1`);
  const before = [await chains(), await ends()];
  assert.ok((before[0]?.length ?? 0) > 40);

  await store.query(`ALTER TABLE ledger_entries DROP COLUMN seq, DROP COLUMN hash`);
  await store.query(`ALTER TABLE balances DROP COLUMN seq, DROP COLUMN hash`);
  await store.query('CREATE INDEX ledger_of_workspace ON ledger_entries (workspace_id, id)');
  const file = join(import.meta.dirname, '../../store/migrations/000004_ledger_chain.sql');
  await store.query(await readFile(file, 'utf8'));
  assert.deepEqual([await chains(), await ends()], before);
  await assert.rejects(store.query('UPDATE ledger_entries SET amount = 0'), /append-only/);
});
