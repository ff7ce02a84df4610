import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { migrate, MIGRATIONS_DIR, planMigrations, readMigrations } from '../src/migrate.ts';
import type { Migration } from '../src/migrate.ts';
import { MigrationError } from '../src/index.ts';
import { startTestStore } from '../src/testing.ts';
import type { TestStore } from '../src/testing.ts';
import { opened, startChild } from './helpers.ts';

let testing: TestStore;
before(async () => {
  testing = await startTestStore();
});
after(() => testing.close());

let count = 0;
async function emptyDatabase(t: TestContext): Promise<string> {
  const name = `empty_${++count}`;
  await testing.store.query(`CREATE DATABASE ${name}`);
  t.after(() => testing.store.query(`DROP DATABASE ${name} WITH (FORCE)`));
  const url = new URL(testing.store.databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs migrations on a connection of their own, as a node does. */
async function run(url: string, migrations: readonly Migration[]): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return await migrate(client, migrations).finally(() => client.end());
}

async function rows(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return (await client.query<Record<string, unknown>>(sql).finally(() => client.end())).rows;
}

const migration = (number: number, sql = `CREATE TABLE t${number} ()`): Migration => ({
  number,
  name: `${String(number).padStart(6, '0')}_t.sql`,
  sql,
  checksum: sql,
});

test('four processes that start at once on one empty database all come up, and each migration ran once', async (t) => {
  const url = await emptyDatabase(t);
  const children = await Promise.all(
    Array.from({ length: 4 }, () => startChild({ databaseUrl: url, dataDir: '/nonexistent' })),
  );
  const nodes = new Set(children.map((child) => opened(child).node));
  assert.equal(nodes.size, 4);
  await Promise.all(children.map((child) => child.end()));
  const known = await readMigrations(MIGRATIONS_DIR);
  assert.deepEqual(
    await rows(url, 'SELECT name FROM asa_migrations ORDER BY number'),
    known.map(({ name }) => ({ name })),
  );
  assert.deepEqual(await rows(url, 'SELECT count(*)::int AS n FROM asa_meta'), [{ n: 1 }]);
});

test('new migrations run in order, old ones not again', async (t) => {
  const url = await emptyDatabase(t);
  const first = [migration(1), migration(2, 'ALTER TABLE t1 ADD COLUMN a int')];
  assert.deepEqual(await run(url, first), ['000001_t.sql', '000002_t.sql']);
  assert.deepEqual(await run(url, first), []);
  assert.deepEqual(await run(url, [...first, migration(7, 'ALTER TABLE t1 ADD COLUMN b int')]), ['000007_t.sql']);
});

test('a failing migration leaves nothing behind and is named; those before it stay', async (t) => {
  const url = await emptyDatabase(t);
  const bad = migration(2, 'CREATE TABLE t2 (); SELECT 1 / 0; CREATE TABLE t3 ();');
  await assert.rejects(run(url, [migration(1), bad]), (error) => {
    assert.ok(error instanceof MigrationError);
    assert.equal(error.message, 'Migration 000002_t.sql failed: division by zero');
    return true;
  });
  assert.deepEqual(await rows(url, `SELECT tablename FROM pg_tables WHERE tablename ~ '^t[0-9]' ORDER BY 1`), [
    { tablename: 't1' },
  ]);
  assert.deepEqual(await run(url, [migration(1), migration(2)]), ['000002_t.sql']);
});

test('a changed, an unknown and a late migration are refused, each with what to do', async (t) => {
  const url = await emptyDatabase(t);
  await run(url, [migration(1), migration(3)]);
  const refused = async (migrations: Migration[], message: RegExp): Promise<void> => {
    await assert.rejects(
      run(url, migrations),
      (error) => error instanceof MigrationError && message.test(error.message),
    );
  };
  await refused([migration(1, 'CREATE TABLE other ()'), migration(3)], /000001_t\.sql changed after it was applied/);
  await refused([migration(1)], /newer than this version: it has migration 000003_t\.sql/);
  await refused([migration(1), migration(2), migration(3)], /000002_t\.sql was added behind/);
  assert.deepEqual(await run(url, [migration(1), migration(3)]), []);
});

test('the plan is exactly what is new, in order, for any history', () => {
  const history = fc
    .uniqueArray(fc.integer({ min: 1, max: 999_999 }), { maxLength: 20 })
    .map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(history, fc.nat(), (numbers, cut) => {
      const known = numbers.map((number) => migration(number));
      const done = known.slice(0, cut % (known.length + 1));
      assert.deepEqual(planMigrations(known, done), known.slice(done.length));
    }),
  );
});

test('files are read in order, whatever their line ends; misnamed and doubled ones are refused', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'asa-migrations-'));
  t.after(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, '000010_b.sql'), 'SELECT 1;\r\nSELECT 2;\r\n');
  writeFileSync(join(dir, '000002_a.sql'), 'SELECT 1;\nSELECT 2;\n');
  writeFileSync(join(dir, 'README.md'), 'no migration');
  const [first, second] = await readMigrations(dir);
  assert.deepEqual([first?.number, second?.number], [2, 10]);
  assert.equal(first?.checksum, second?.checksum);
  writeFileSync(join(dir, '000010_c.sql'), '');
  await assert.rejects(readMigrations(dir), /Two migrations have the number 000010/);
  rmSync(join(dir, '000010_c.sql'));
  writeFileSync(join(dir, '0001_d.sql'), '');
  await assert.rejects(readMigrations(dir), /0001_d\.sql is misnamed/);
});
