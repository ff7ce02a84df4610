import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkBooks, eventually, startHouse } from './helpers.ts';

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
