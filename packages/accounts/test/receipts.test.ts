import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { verifyReceipt } from '@asa/contract';
import { openStore } from '@asa/store';
import { createAccounts, ReceiptKeyLocked, type Sale } from '../src/index.ts';
import { startHouse } from './helpers.ts';

const SALE: Sale = {
  request_id: 'req_0123456789ab',
  key: 'asa_live_abcdefghijkl',
  endpoint: 'amazon.product',
  credits: 5,
  entry: { seq: 3, hash: 'a'.repeat(64) },
};
const BODY = Buffer.from('{"title":"x"}');

test('receipts are signed with one key on every node, which can be rotated', async (t) => {
  const { accounts, node, clock } = await startHouse(t);
  const others = await Promise.all([node(), node(), node()]);
  const all = [accounts, ...others.map((other) => other.accounts)];

  await t.test('nodes that start together make one key', async () => {
    await Promise.all(all.map(({ receipts }) => receipts.refresh()));
    const keys = await accounts.receipts.keys();
    assert.equal(keys.length, 1);
    for (const { receipts } of all) {
      const check = await verifyReceipt(receipts.issue(SALE, BODY), keys, BODY);
      assert.ok(check.ok);
      assert.equal(check.claims.time, new Date(clock.ms).toISOString());
    }
  });

  await t.test('after a rotation both keys are known; each node goes over at its next refresh', async () => {
    const before = accounts.receipts.issue(SALE, BODY);
    clock.ms += 60_000;
    const made = await accounts.receipts.rotate();
    const keys = await accounts.receipts.keys();
    assert.deepEqual(
      keys.map(({ kid, retired_at }) => [kid === made.kid, retired_at === null]),
      [
        [true, true],
        [false, false],
      ],
    );
    const kids: string[] = [];
    const [other] = others;
    assert.ok(other !== undefined);
    for (const receipt of [before, accounts.receipts.issue(SALE, BODY), other.accounts.receipts.issue(SALE, BODY)]) {
      const check = await verifyReceipt(receipt, keys, BODY);
      assert.ok(check.ok);
      kids.push(check.kid);
    }
    assert.deepEqual(
      kids.map((kid) => kid === made.kid),
      [false, true, false],
    );
    await other.accounts.receipts.refresh();
    const check = await verifyReceipt(other.accounts.receipts.issue(SALE, BODY), keys, BODY);
    assert.ok(check.ok && check.kid === made.kid);
  });

  await t.test('two rotations at once end with one key in use', async () => {
    await Promise.all(all.map(({ receipts }) => receipts.rotate()));
    const keys = await accounts.receipts.keys();
    assert.equal(keys.filter((key) => key.retired_at === null).length, 1);
    assert.equal(keys.length, 6);
  });
});

test('with a passphrase the private key is encrypted in the database, and needs it', async (t) => {
  const { store } = await startHouse(t);
  const locked = createAccounts({ store, receiptPassphrase: 'correct horse' });
  await locked.receipts.refresh();
  const [row] = await store.query<{ private_key: string }>('SELECT private_key FROM receipt_keys');
  assert.match(row?.private_key ?? '', /^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
  for (const receiptPassphrase of [null, 'wrong']) {
    const other = await openStore({ databaseUrl: store.databaseUrl, dataDir: tmpdir(), poolSize: 1 });
    await assert.rejects(createAccounts({ store: other, receiptPassphrase }).receipts.refresh(), ReceiptKeyLocked);
    await other.close();
  }
  await locked.close();
});
