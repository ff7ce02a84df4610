import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { openStore, StoreConnectError } from '../src/index.ts';
import type { Store } from '../src/index.ts';
import { startTestStore } from '../src/testing.ts';
import type { TestStore } from '../src/testing.ts';

let testing: TestStore;
let store: Store;
before(async () => {
  testing = await startTestStore({ poolSize: 4 });
  store = testing.store;
  await store.query('CREATE TABLE things (id int8 PRIMARY KEY, note text)');
});
after(() => testing.close());

const ids = async (): Promise<number[]> =>
  (await store.query<{ id: number }>('SELECT id FROM things ORDER BY id')).map((row) => row.id);

test('an int8 is the number it is, or a bigint where a number would be wrong', async () => {
  const int8 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  await fc.assert(
    fc.asyncProperty(int8, fc.array(fc.option(int8)), async (one, many) => {
      const [row] = await store.query<{ one: unknown; many: unknown[] }>('SELECT $1::int8 AS one, $2::int8[] AS many', [
        one,
        many,
      ]);
      const expected = (value: bigint | null): unknown =>
        value !== null && Number.isSafeInteger(Number(value)) ? Number(value) : value;
      assert.deepEqual(row, { one: expected(one), many: many.map(expected) });
    }),
    { numRuns: 50 },
  );
});

test('a timestamptz is a Date to the millisecond, a date is text, days begin in UTC', async () => {
  const [row] = await store.query(
    `SELECT '2026-03-01T23:30:00.123-02:00'::timestamptz AS at, '2026-03-01'::date AS day,
            ('2026-03-01T23:30:00-02:00'::timestamptz)::date AS utc_day, count(*) AS n FROM generate_series(1, 3)`,
  );
  assert.deepEqual(row, { at: new Date('2026-03-02T01:30:00.123Z'), day: '2026-03-01', utc_day: '2026-03-02', n: 3 });
});

test('a transaction is there whole after it resolved, and not at all after it rejected', async () => {
  const result = await store.transaction(async (tx) => {
    await tx.query('INSERT INTO things VALUES (1), (2)');
    return 'done';
  });
  assert.equal(result, 'done');
  const refusal = new Error('no');
  await assert.rejects(
    store.transaction(async (tx) => {
      await tx.query('INSERT INTO things VALUES (3)');
      throw refusal;
    }),
    refusal,
  );
  await assert.rejects(
    store.transaction((tx) => tx.query('INSERT INTO things VALUES (4), (4)')),
    { code: '23505' },
  );
  assert.deepEqual(await ids(), [1, 2]);
});

test('a transaction that hides a failed statement does not count as committed', async () => {
  await assert.rejects(
    store.transaction(async (tx) => {
      await tx.query('INSERT INTO things VALUES (10)');
      await tx.query('SELECT 1 / 0').catch(() => {});
    }),
    /rolled back/,
  );
  assert.ok(!(await ids()).includes(10));
});

test('a transaction cannot be used after its end', async () => {
  const tx = await store.transaction((open) => Promise.resolve(open));
  await assert.rejects(tx.query('SELECT 1'), /already ended/);
});

test('a connection that breaks while it is lent rejects its query, and the store goes on', async () => {
  for (const use of [
    () => store.transaction((tx) => tx.query('SELECT pg_terminate_backend(pg_backend_pid())')),
    () => store.withClient((client) => client.query('SELECT pg_terminate_backend(pg_backend_pid())')),
    () => store.query('SELECT pg_terminate_backend(pg_backend_pid())'),
  ]) {
    await assert.rejects(use());
  }
  await store.ping();
  assert.equal(store.pool.totalCount - store.pool.idleCount, 0, 'a connection was not given back');
});

test('a lent connection whose user failed is not lent again', async () => {
  const failure = await store
    .withClient(async (client) => {
      await client.query("SET application_name = 'changed'");
      throw new Error('left in a mess');
    })
    .catch((error: unknown) => error);
  assert.match(String(failure), /left in a mess/);
  for (let round = 0; round < 4; round++) {
    const [row] = await store.query<{ name: string }>("SELECT current_setting('application_name') AS name");
    assert.equal(row?.name, 'asa');
  }
});

test('more callers than connections wait for their turn', async () => {
  const sums = await Promise.all(Array.from({ length: 50 }, (_, i) => store.query('SELECT $1::int + 1 AS sum', [i])));
  assert.deepEqual(
    sums.flat(),
    Array.from({ length: 50 }, (_, i) => ({ sum: i + 1 })),
  );
});

test('test stores do not see each other', async () => {
  const other = await startTestStore();
  await assert.rejects(other.store.query('SELECT * FROM things'), { code: '42P01' });
  assert.notEqual(other.store.node.id, store.node.id);
  await other.close();
  await other.close();
});

test('the facts of the installation are there', async () => {
  const [row] = await store.query<{ id: string }>(`SELECT value->>'id' AS id FROM asa_meta WHERE key = 'cluster'`);
  assert.match(row?.id ?? '', /^[0-9a-f-]{36}$/);
});

test('a database that cannot be used is named in one line, without its password', async () => {
  const good = new URL(store.databaseUrl);
  const password = good.password;
  const change = (edit: (url: URL) => void): string => {
    const url = new URL(good);
    edit(url);
    return url.href;
  };
  const cases: [string, RegExp][] = [
    [change((url) => (url.password = 'wrong-secret')), /password authentication failed/],
    [change((url) => (url.pathname = '/nowhere')), /database "nowhere" does not exist/],
    ['mysql://user:wrong-secret@localhost/x', /not a URL like/],
    ['postgres://user:wrong-secret@local host:99999/x', /not a URL like/],
    ['', /not a URL like/],
  ];
  for (const [databaseUrl, expected] of cases) {
    await assert.rejects(openStore({ databaseUrl, dataDir: '/nonexistent' }), (error) => {
      assert.ok(error instanceof StoreConnectError);
      assert.match(error.message, expected);
      assert.match(error.message, /DATABASE_URL/);
      assert.ok(!error.message.includes('\n'));
      assert.ok(!error.message.includes(password) && !error.message.includes('wrong-secret'), error.message);
      return true;
    });
  }
});

test('a given database is used as it is, and closing leaves it running', async () => {
  const second = await openStore({ databaseUrl: store.databaseUrl, dataDir: '/nonexistent' });
  assert.equal(second.embedded, false);
  assert.equal(second.isAlive(), true);
  const [row] = await second.query<{ n: number }>('SELECT count(*) AS n FROM asa_migrations');
  assert.ok(row && row.n >= 1);
  await Promise.all([second.close(), second.close()]);
  await second.close();
  assert.equal(second.isAlive(), false);
  await assert.rejects(second.query('SELECT 1'));
  await store.ping();
});

test('a database of another encoding is refused', async () => {
  await store.query("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0");
  const url = new URL(store.databaseUrl);
  url.pathname = '/latin';
  await assert.rejects(openStore({ databaseUrl: url.href, dataDir: '/nonexistent' }), /encoding LATIN1/);
  await store.query('DROP DATABASE latin WITH (FORCE)');
});
