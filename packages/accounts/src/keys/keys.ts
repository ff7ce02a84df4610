import {
  ApiError,
  formatKey,
  KEY_OVERLAP,
  MAX_ACTIVE_KEYS,
  parseKey,
  quote,
  USAGE_DAYS,
  type ApiKey,
  type BudgetsChange,
  type KeyMode,
  type NewApiKey,
} from '@asa/contract';
import type { Store, Tx } from '@asa/store';
import type { BudgetTerms } from '../budgets/terms.ts';
import { DAY_MS } from '../calendar.ts';
import { checkText, checkWorkspace, isId, newId, noWorkspace } from '../ids.ts';
import type { Context } from '../types.ts';
import { hashOf, type Identified, type Identifier } from './identify.ts';
import type { LastUsed } from './last-used.ts';
import { SELECT_KEY, toKey, type KeyRow } from './rows.ts';
import { newSecret } from './secret.ts';

export interface Keys {
  /**
   * Whose key this is. Never throws for what a caller sent.
   * @param address where it comes from: an address that tries many keys that there are not is made to wait. Null: not counted.
   */
  identify: (raw: string, address?: string | null) => Identified | Promise<Identified>;
  /** How a key stands that was recognised earlier, by its short prefix: for work that goes on after its request. */
  standing: (shortPrefix: string) => Promise<Identified>;
  /**
   * Makes a key; the whole key is in this answer and nowhere else.
   * @throws ApiError `not_found` for an unknown workspace, `invalid_params` for the 21st active key.
   */
  create: (workspaceId: string, key: { name: string; mode: KeyMode }) => Promise<NewApiKey>;
  /**
   * Makes a key in place of another one, which goes on working for `overlapSeconds` (a day unless given) and is then revoked, on every
   * node at that moment. Its name, mode and budgets are those of the old one. Both count as active until then.
   * @throws ApiError `not_found`; `invalid_params` when it was revoked or replaced before, or for the 21st active key.
   */
  rotate: (keyId: string, overlapSeconds?: number) => Promise<NewApiKey & { replaces: ApiKey }>;
  /** Active keys and those revoked in the last 90 days, newest first. @throws ApiError `not_found` */
  list: (workspaceId: string) => Promise<ApiKey[]>;
  /** Changes its name, or the budgets of its line. @throws ApiError `not_found` */
  patch: (
    keyId: string,
    patch: { readonly name?: string | undefined; readonly budgets?: BudgetsChange | undefined },
  ) => Promise<ApiKey>;
  /** Revokes a key, on this node at once; a key that was revoked before stays as it is. @throws ApiError `not_found` */
  revoke: (keyId: string) => Promise<ApiKey>;
}

const noKey = (keyId: string): ApiError => new ApiError('not_found', `There is no key ${quote(keyId)}.`);

export function createKeys(
  store: Store,
  { now, random }: Pick<Context, 'now' | 'random'>,
  identifier: Identifier,
  lastUsed: LastUsed,
  budgets: Pick<BudgetTerms, 'count' | 'set'>,
): Keys {
  const get = async (tx: Pick<Store, 'query'> | Tx, keyId: string): Promise<ApiKey> => {
    const [row] = await tx.query<KeyRow>(`${SELECT_KEY} WHERE k.id = $1`, [keyId]);
    if (row === undefined) throw noKey(keyId);
    return toKey(row, now());
  };

  return {
    identify: identifier.identify,
    standing: identifier.standing,

    async create(workspaceId, key) {
      if (!isId('ws', workspaceId)) throw noWorkspace(workspaceId);
      return store.transaction(async (tx) => {
        await checkRoom(tx, workspaceId, now());
        return insertKey(tx, workspaceId, key, now(), random);
      });
    },

    async rotate(keyId, overlapSeconds = KEY_OVERLAP.default) {
      if (!isId('key', keyId)) throw noKey(keyId);
      const made = await store.transaction(async (tx) => {
        const at = now();
        const [found] = await tx.query<{ workspace_id: string; line: string }>(
          'SELECT workspace_id, line FROM api_keys WHERE id = $1',
          [keyId],
        );
        if (found === undefined) throw noKey(keyId);
        await lockWorkspace(tx, found.workspace_id);
        const old = await get(tx, keyId);
        if (old.revoked_at !== null)
          throw new ApiError('invalid_params', `The key ${keyId} was revoked ${old.revoked_at}.`);
        if (old.revokes_at !== null) {
          throw new ApiError(
            'invalid_params',
            `The key ${keyId} was replaced before and works until ${old.revokes_at}; rotate the key that took its place.`,
          );
        }
        const ends = new Date(at + overlapSeconds * 1000);
        const column = overlapSeconds === 0 ? 'revoked_at' : 'revokes_at';
        await tx.query(`UPDATE api_keys SET ${column} = $2 WHERE id = $1`, [keyId, ends]);
        await checkRoom(tx, found.workspace_id, at);
        const { name, mode } = old;
        const key = await insertKey(tx, found.workspace_id, { name, mode, line: found.line }, at, random);
        return { ...key, replaces: await get(tx, keyId) };
      });
      identifier.forget();
      return made;
    },

    async list(workspaceId) {
      if (!isId('ws', workspaceId)) throw noWorkspace(workspaceId);
      await lastUsed.flush();
      const rows = await store.query<KeyRow>(
        `${SELECT_KEY} WHERE k.workspace_id = $1 AND COALESCE(k.revoked_at, k.revokes_at, 'infinity') > $2
          ORDER BY k.created_at DESC, k.id`,
        [workspaceId, new Date(now() - USAGE_DAYS * DAY_MS)],
      );
      if (rows.length === 0) await checkWorkspace(store, workspaceId);
      return rows.map((row) => toKey(row, now()));
    },

    async patch(keyId, { name, budgets: change }) {
      if (!isId('key', keyId)) throw noKey(keyId);
      if (name !== undefined) checkText('name', name);
      const [key] = await store.query<{ workspace_id: string; line: string }>(
        'SELECT workspace_id, line FROM api_keys WHERE id = $1',
        [keyId],
      );
      if (key === undefined) throw noKey(keyId);
      const spent = change === undefined ? null : await budgets.count(key.workspace_id);
      await store.transaction(async (tx) => {
        await tx.query('UPDATE api_keys SET name = COALESCE($2, name) WHERE id = $1', [keyId, name ?? null]);
        if (change !== undefined && spent !== null) await budgets.set(tx, spent, key.line, change);
      });
      identifier.forget();
      await lastUsed.flush();
      return get(store, keyId);
    },

    async revoke(keyId) {
      if (!isId('key', keyId)) throw noKey(keyId);
      await lastUsed.flush();
      const at = new Date(now());
      await store.query(`UPDATE api_keys SET revoked_at = LEAST(revokes_at, $2) WHERE id = $1 AND revoked_at IS NULL`, [
        keyId,
        at,
      ]);
      identifier.forget();
      return get(store, keyId);
    },
  };
}

/** The lock keeps two calls from both making the last key. */
async function lockWorkspace(tx: Tx, workspaceId: string): Promise<void> {
  const [workspace] = await tx.query('SELECT FROM workspaces WHERE id = $1 FOR UPDATE', [workspaceId]);
  if (workspace === undefined) throw noWorkspace(workspaceId);
}

async function checkRoom(tx: Tx, workspaceId: string, at: number): Promise<void> {
  await lockWorkspace(tx, workspaceId);
  const [row] = await tx.query<{ active: number }>(
    `SELECT count(*) AS active FROM api_keys
      WHERE workspace_id = $1 AND revoked_at IS NULL AND COALESCE(revokes_at, 'infinity') > $2`,
    [workspaceId, new Date(at)],
  );
  if (row !== undefined && row.active < MAX_ACTIVE_KEYS) return;
  throw new ApiError(
    'invalid_params',
    `The workspace ${workspaceId} has ${MAX_ACTIVE_KEYS} active keys, the most that are allowed; revoke one first (or, to replace one, use overlap_seconds 0).`,
  );
}

/** @see Keys.create */
export async function insertKey(
  tx: Tx,
  workspaceId: string,
  { name, mode, line }: { name: string; mode: KeyMode; line?: string },
  at: number,
  random: Context['random'],
): Promise<NewApiKey> {
  checkText('name', name);
  const key = formatKey(mode, newSecret(random));
  const shortPrefix = parseKey(key)?.shortPrefix;
  if (shortPrefix === undefined) throw new Error('a new key has not the form of a key');
  const id = newId('key', random);
  await tx.query(
    `INSERT INTO api_keys (id, workspace_id, short_prefix, hash, mode, name, created_at, line)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, workspaceId, shortPrefix, hashOf(key), mode, name, new Date(at), line ?? id],
  );
  return { id, key, short_prefix: shortPrefix, mode, name, created_at: new Date(at).toISOString() };
}
