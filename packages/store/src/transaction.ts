import type { Pool, QueryResultRow } from 'pg';

/** A statement that is planned once per connection, under its name. */
export interface Named {
  readonly name: string;
  readonly text: string;
}

/** An open transaction. It ends with the function it was given to; a later call rejects. */
export type Tx = {
  query: <T extends QueryResultRow>(sql: string | Named, params?: readonly unknown[]) => Promise<T[]>;
};

/** See `Store.transaction`. */
export async function runTransaction<T>(pool: Pool, fn: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let open = true;
  let broken = false;
  const tx: Tx = {
    query: async (sql, params = []) => {
      if (!open) throw new Error('This transaction has already ended.');
      const statement = typeof sql === 'string' ? { text: sql } : sql;
      return (await client.query({ ...statement, values: [...params] })).rows;
    },
  };
  try {
    await client.query('BEGIN');
    const result = await fn(tx);
    open = false;
    // PostgreSQL answers the commit of a failed transaction with a rollback, not with an error.
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new Error('The transaction was rolled back: a statement in it had failed.');
    return result;
  } catch (error) {
    open = false;
    await client.query('ROLLBACK').catch(() => {
      broken = true; // The connection is gone, and the transaction with it.
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
