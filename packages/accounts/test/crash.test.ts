import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Store } from '@asa/store';
import { createAccounts } from '../src/index.ts';
import { checkBooks, eventually, hold, requestId, startHouse } from './helpers.ts';

test('a process that is killed between hold and capture ends as a release', async (t) => {
  const { store, accounts, node } = await startHouse(t);
  const { workspaces, ledger } = accounts;
  const { id } = await workspaces.create({ name: 'w', plan: 'custom', allowance: 12, credits: 88 });
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-child.ts'), store.databaseUrl, id], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  t.after(() => child.kill('SIGKILL'));
  const [said] = (await Promise.race([once(child.stdout, 'data'), exit])) as [unknown];
  assert.equal(String(said), 'held\n');
  const { held, total } = await ledger.credits(id);
  assert.deepEqual([held, total], [20, 75]);
  assert.equal(await ledger.sweep(), 0, 'the holds of a living process stay');

  child.kill('SIGKILL');
  await exit;
  // Both nodes sweep; what one has released the other does not release again.
  const other = await node();
  let released = 0;
  await eventually('the holds are released', async () => {
    for (const n of await Promise.all([ledger.sweep(), other.accounts.ledger.sweep()])) released += n;
    return released > 0;
  });
  assert.equal(released, 4);
  const after = await ledger.credits(id);
  assert.deepEqual([after.held, after.total], [0, 95], 'only the captured one was charged');
  await checkBooks(store);
});

test('a connection that breaks after the work was done loses nothing', async (t) => {
  const { store, accounts, clock } = await startHouse(t);
  const { workspaces, ledger } = accounts;
  const { id } = await workspaces.create({ name: 'w', plan: 'custom', allowance: 20, credits: 30 });
  const state = async () => {
    const { allowance_left, topup_left, held } = await ledger.credits(id);
    return [allowance_left, topup_left, held];
  };
  const forgetful = createAccounts({ store: losingAnswers(store, 'accounts_commit'), now: clock.now });
  const lost = { requestId: requestId(), workspaceId: id, keyId: 'k', credits: 5 };
  await assert.rejects(forgetful.ledger.hold(lost), /Connection terminated/);
  assert.deepEqual(await state(), [15, 30, 5]);
  assert.equal(await forgetful.ledger.sweep(), 0, 'it could still be on its way');
  clock.ms += 31_000;
  assert.equal(await forgetful.ledger.sweep(), 1, 'nobody in this process has it');
  const used = await hold(accounts, id, 5);
  clock.ms += 31_000;
  assert.equal(await ledger.sweep(), 0, 'unlike this one');
  assert.deepEqual(await state(), [15, 30, 5]);

  const broken = createAccounts({ store: losingAnswers(store, 'accounts_commit'), now: clock.now });
  await assert.rejects(broken.ledger.capture(used, 5), /Connection terminated/);
  assert.deepEqual(await state(), [15, 30, 0], 'captured, although nobody knows');
  await ledger.undo(used);
  assert.deepEqual(await state(), [20, 30, 0]);
  await checkBooks(store);
});

/** The same store over a connection that breaks once, just before the answer of the statement. */
function losingAnswers(store: Store, statement: string): Store {
  let lost = false;
  const query = async (config: { name?: string }): Promise<unknown> => {
    const answer: unknown = await store.steady.query(config as { text: string });
    if (config.name === statement && !lost) {
      lost = true;
      throw new Error('Connection terminated');
    }
    return answer;
  };
  return { ...store, steady: Object.create(store.steady, { query: { value: query } }) as Store['pool'] };
}
