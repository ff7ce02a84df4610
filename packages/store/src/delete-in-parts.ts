import type { Store } from './open.ts';

/**
 * Deletes by a statement with a limit until it finds less than that, so that no transaction holds many locks for long. Answers how many.
 * @param atOnce the limit of the statement
 */
export async function deleteInParts(
  store: Pick<Store, 'pool'>,
  statement: string,
  values: readonly unknown[],
  atOnce: number,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await store.pool.query(statement, [...values]);
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < atOnce) return deleted;
  }
}
