import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { lineOf, MigrationError } from './errors.ts';

export type Migration = { number: number; name: string; sql: string; checksum: string };
type Applied = { number: number; name: string; checksum: string };

/** The folder of the migrations of this version. */
export const MIGRATIONS_DIR = join(import.meta.dirname, '..', 'migrations');

// Any number will do as long as every version uses the same: "ASAmigr" in ASCII.
const LOCK_KEY = '18387413959796594';

/** Reads `NNNNNN_name.sql` files in the order of their numbers. A line end of another system does not change the checksum. */
export async function readMigrations(dir: string): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for (const file of (await readdir(dir)).filter((name) => name.endsWith('.sql')).sort()) {
    const match = /^(\d{6})_([a-z0-9_]+)\.sql$/.exec(file);
    if (!match) throw new MigrationError(`Migration ${file} is misnamed: it must look like 000001_words.sql.`);
    const sql = (await readFile(join(dir, file), 'utf8')).replaceAll('\r\n', '\n');
    const number = Number(match[1]);
    if (migrations.at(-1)?.number === number) throw new MigrationError(`Two migrations have the number ${match[1]}.`);
    migrations.push({ number, name: file, sql, checksum: createHash('sha256').update(sql).digest('hex') });
  }
  return migrations;
}

/**
 * What is still to do, given what was done.
 * @throws MigrationError when the database was written by a newer version, an applied file changed, or one was put in behind.
 */
export function planMigrations(known: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const byNumber = new Map(known.map((migration) => [migration.number, migration]));
  for (const done of applied) {
    const file = byNumber.get(done.number);
    if (!file) {
      throw new MigrationError(
        `The database is newer than this version: it has migration ${done.name}, which this version does not know. Start the newer version.`,
      );
    }
    if (file.checksum !== done.checksum) {
      throw new MigrationError(
        `Migration ${file.name} changed after it was applied to this database. Restore the file, and put the change into a new migration.`,
      );
    }
  }
  const last = Math.max(0, ...applied.map((done) => done.number));
  const todo = known.filter((migration) => !applied.some((done) => done.number === migration.number));
  const late = todo.find((migration) => migration.number < last);
  if (late) {
    throw new MigrationError(
      `Migration ${late.name} was added behind one that this database already has. Give it the next free number.`,
    );
  }
  return todo;
}

/**
 * Brings the database up to date: each migration in a transaction of its own, all under one advisory lock, so that of several nodes that
 * start together one works and the others wait and find nothing to do.
 * @param client a connection that is ended afterwards: the lock is the session's, and only ends with it.
 * @returns the names of the migrations applied now.
 */
export async function migrate(client: Client, migrations: readonly Migration[]): Promise<string[]> {
  await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
  await client.query(
    `CREATE TABLE IF NOT EXISTS asa_migrations (
       number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
  );
  const applied = await client.query<Applied>('SELECT number, name, checksum FROM asa_migrations ORDER BY number');
  const todo = planMigrations(migrations, applied.rows);
  for (const migration of todo) await apply(client, migration);
  return todo.map((migration) => migration.name);
}

async function apply(client: Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query('INSERT INTO asa_migrations (number, name, checksum) VALUES ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.checksum,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new MigrationError(`Migration ${migration.name} failed: ${lineOf(error)}`, { cause: error });
  }
}
