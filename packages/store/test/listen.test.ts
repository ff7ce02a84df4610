import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestStore } from '../src/testing.ts';
import type { TestStore } from '../src/testing.ts';

let testing: TestStore;
before(async () => {
  testing = await startTestStore({ poolSize: 4 });
});
after(() => testing.close());

async function eventually(what: string, condition: () => boolean): Promise<void> {
  for (let count = 0; count < 1000; count += 1) {
    if (condition()) return;
    await new Promise((again) => setTimeout(again, 10));
  }
  assert.fail(`never happened: ${what}`);
}

test('notifications are heard, also after the connection was lost; each connection says so with an empty text', async () => {
  const { store } = testing;
  const heard: string[] = [];
  const listening = store.listen('things_happen', (payload) => heard.push(payload));
  await eventually('the connection', () => heard.length === 1);
  await store.query(`SELECT pg_notify('things_happen', 'one'), pg_notify('something_else', 'two')`);
  await eventually('the notification', () => heard.length === 2);
  const lost = await store.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN things_happen' AND datname = current_database()`,
  );
  assert.equal(lost.length, 1);
  await eventually('the next connection', () => heard.length === 3);
  await store.query(`SELECT pg_notify('things_happen', 'three')`);
  await eventually('the notification', () => heard.length === 4);
  assert.deepEqual(heard, ['', 'one', '', 'three']);
  await listening.end();
  await store.query(`SELECT pg_notify('things_happen', 'four')`);
  const [row] = await store.query<{ n: number }>(
    `SELECT count(*) AS n FROM pg_stat_activity WHERE query = 'LISTEN things_happen' AND datname = current_database()`,
  );
  assert.equal(row?.n, 0);
  assert.equal(heard.length, 4);
});

test('a channel is a plain name', () => {
  assert.throws(() => testing.store.listen('things"; DROP TABLE x; --', () => {}), TypeError);
});
