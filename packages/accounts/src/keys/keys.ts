import {
  ApiError,
  formatKey,
  MAX_ACTIVE_KEYS,
  parseKey,
  quote,
  USAGE_DAYS,
  type ApiKey,
  type KeyMode,
  type NewApiKey,
} from '@asa/contract';
import type { Store, Tx } from '@asa/store';
import { DAY_MS } from '../calendar.ts';
import { checkText, isId, newId, noWorkspace } from '../ids.ts';
import type { Context } from '../types.ts';
import { hashOf, type Identified, type Identifier } from './identify.ts';
import type { LastUsed } from './last-used.ts';
import { newSecret } from './secret.ts';

export interface Keys {
  /** Whose key this is. Never throws for what a caller sent. */
  identify: (raw: string) => Promise<Identified>;
  /** How a key stands that was recognised earlier, by its short prefix: for work that goes on after its request. */
  standing: (shortPrefix: string) => Promise<Identified>;
  /**
   * Makes a key; the whole key is in this answer and nowhere else.
   * @throws ApiError `not_found` for an unknown workspace, `invalid_params` for the 21st active key.
   */
  create: (workspaceId: string, key: { name: string; mode: KeyMode }) => Promise<NewApiKey>;
  /** Active keys and those revoked in the last 90 days, newest first. @throws ApiError `not_found` */
  list: (workspaceId: string) => Promise<ApiKey[]>;
  /** Revokes a key, on this node at once; a key that was revoked before stays as it is. @throws ApiError `not_found` */
  revoke: (keyId: string) => Promise<ApiKey>;
}

export function createKeys(
  store: Store,
  { now, random }: Pick<Context, 'now' | 'random'>,
  identifier: Identifier,
  lastUsed: LastUsed,
): Keys {
  return {
    identify: identifier.identify,
    standing: identifier.standing,

    async create(workspaceId, key) {
      if (!isId('ws', workspaceId)) throw noWorkspace(workspaceId);
      return store.transaction(async (tx) => {
        // The lock keeps two calls from both making the last key.
        const [workspace] = await tx.query('SELECT FROM workspaces WHERE id = $1 FOR UPDATE', [workspaceId]);
        if (workspace === undefined) throw noWorkspace(workspaceId);
        const [row] = await tx.query<{ active: number }>(
          'SELECT count(*) AS active FROM api_keys WHERE workspace_id = $1 AND revoked_at IS NULL',
          [workspaceId],
        );
        if (row === undefined || row.active >= MAX_ACTIVE_KEYS) {
          throw new ApiError(
            'invalid_params',
            `The workspace ${workspaceId} has ${MAX_ACTIVE_KEYS} active keys, the most that are allowed; revoke one first.`,
          );
        }
        return insertKey(tx, workspaceId, key, now(), random);
      });
    },

    async list(workspaceId) {
      if (!isId('ws', workspaceId)) throw noWorkspace(workspaceId);
      await lastUsed.flush();
      const rows = await store.query<KeyRow | { id: null }>(
        `SELECT ${columns('k')} FROM workspaces w LEFT JOIN api_keys k
             ON k.workspace_id = w.id AND (k.revoked_at IS NULL OR k.revoked_at > $2)
          WHERE w.id = $1 ORDER BY k.created_at DESC, k.id`,
        [workspaceId, new Date(now() - USAGE_DAYS * DAY_MS)],
      );
      if (rows.length === 0) throw noWorkspace(workspaceId);
      return rows.flatMap((row) => (row.id === null ? [] : [toKey(row)]));
    },

    async revoke(keyId) {
      const unknown = new ApiError('not_found', `There is no key ${quote(keyId)}.`);
      if (!isId('key', keyId)) throw unknown;
      await lastUsed.flush();
      const [row] = await store.query<KeyRow>(
        `UPDATE api_keys k SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1 RETURNING ${columns('k')}`,
        [keyId, new Date(now())],
      );
      if (row === undefined) throw unknown;
      identifier.forget();
      return toKey(row);
    },
  };
}

/** @see Keys.create */
export async function insertKey(
  tx: Tx,
  workspaceId: string,
  { name, mode }: { name: string; mode: KeyMode },
  at: number,
  random: Context['random'],
): Promise<NewApiKey> {
  checkText('name', name);
  const key = formatKey(mode, newSecret(random));
  const shortPrefix = parseKey(key)?.shortPrefix;
  if (shortPrefix === undefined) throw new Error('a new key has not the form of a key');
  const id = newId('key', random);
  await tx.query(
    `INSERT INTO api_keys (id, workspace_id, short_prefix, hash, mode, name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, workspaceId, shortPrefix, hashOf(key), mode, name, new Date(at)],
  );
  return { id, key, short_prefix: shortPrefix, mode, name, created_at: new Date(at).toISOString() };
}

interface KeyRow {
  id: string;
  short_prefix: string;
  mode: KeyMode;
  name: string;
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}
const columns = (table: string): string =>
  ['id', 'short_prefix', 'mode', 'name', 'created_at', 'last_used_at', 'revoked_at']
    .map((column) => `${table}.${column}`)
    .join(', ');

const toKey = (row: KeyRow): ApiKey => ({
  id: row.id,
  short_prefix: row.short_prefix,
  mode: row.mode,
  name: row.name,
  created_at: row.created_at.toISOString(),
  last_used_at: row.last_used_at?.toISOString() ?? null,
  revoked_at: row.revoked_at?.toISOString() ?? null,
});
