import { createHash, type KeyObject } from 'node:crypto';
import { receiptSigningInput, type ReceiptClaims, type ReceiptKey } from '@asa/contract';
import type { Store, Tx } from '@asa/store';
import type { Context } from '../types.ts';
import { makeKeyPair, openPrivateKey, signText } from './key.ts';

/** What an answer was and cost; the rest of a receipt is made here. */
export type Sale = Omit<ReceiptClaims, 'v' | 'body_sha256' | 'time'>;

/** Signs what answers cost (contract: receipts.ts) with the key of the installation, which all its nodes share through the database. */
export interface Receipts {
  /** The receipt for a body; once there is a key it needs nothing but the processor. `bytes`: exactly those that are sent. */
  issue: (sale: Sale, bytes: Uint8Array) => string;
  /** Every public key, the one in use first, so that receipts of any time can be checked. */
  keys: () => Promise<ReceiptKey[]>;
  /** Puts a new key into use. Other nodes sign with the old one until their next `refresh`; receipts of both can be checked. */
  rotate: () => Promise<ReceiptKey>;
  /** Takes the key in use from the database; makes the first one. @throws ReceiptKeyLocked */
  refresh: () => Promise<void>;
}

interface Row {
  id: string;
  public_key: Buffer;
  private_key: string;
  created_at: Date;
  retired_at: Date | null;
}

/** @param passphrase encrypts private keys in the database; null: they are stored as they are. */
export function createReceipts(store: Store, { now }: Pick<Context, 'now'>, passphrase: string | null): Receipts {
  let used: { readonly id: string; readonly key: KeyObject } | null = null;

  const use = (row: Pick<Row, 'id' | 'private_key'>): void => {
    if (used?.id !== row.id) used = { id: row.id, key: openPrivateKey(row.private_key, passphrase) };
  };
  /** The key in use, or the one that takes its place; whoever comes second waits and finds that of the first. */
  const replace = (isNeeded: (current: Row | undefined) => boolean): Promise<Row> =>
    store.transaction(async (tx) => {
      await tx.query('LOCK TABLE receipt_keys IN SHARE ROW EXCLUSIVE MODE');
      const [current] = await tx.query<Row>('SELECT * FROM receipt_keys WHERE retired_at IS NULL');
      if (current !== undefined && !isNeeded(current)) return current;
      return insertKey(tx, passphrase, new Date(now()));
    });

  return {
    issue(sale, bytes) {
      if (used === null) throw new Error('receipts need a key: refresh comes first');
      const { request_id, key, endpoint, credits, entry } = sale;
      const body_sha256 = createHash('sha256').update(bytes).digest('hex');
      const time = new Date(now()).toISOString();
      const input = receiptSigningInput(used.id, {
        v: 1,
        request_id,
        key,
        endpoint,
        body_sha256,
        credits,
        entry,
        time,
      });
      return `${input}.${signText(used.key, input)}`;
    },

    async keys() {
      const rows = await store.query<Row>('SELECT * FROM receipt_keys ORDER BY retired_at DESC NULLS FIRST, id');
      return rows.map(toJwk);
    },

    async rotate() {
      const row = await replace(() => true);
      use(row);
      return toJwk(row);
    },

    async refresh() {
      const [current] = await store.query<Row>('SELECT * FROM receipt_keys WHERE retired_at IS NULL');
      use(current ?? (await replace((found) => found === undefined)));
    },
  };
}

async function insertKey(tx: Tx, passphrase: string | null, at: Date): Promise<Row> {
  const { id, publicKey, privateKey } = makeKeyPair(passphrase);
  await tx.query('UPDATE receipt_keys SET retired_at = $1 WHERE retired_at IS NULL', [at]);
  const [row] = await tx.query<Row>(
    'INSERT INTO receipt_keys (id, public_key, private_key, created_at) VALUES ($1, $2, $3, $4) RETURNING *',
    [id, publicKey, privateKey, at],
  );
  if (row === undefined) throw new Error('a receipt key was not written');
  return row;
}

const toJwk = (row: Row): ReceiptKey => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: row.public_key.toString('base64url'),
  kid: row.id,
  use: 'sig',
  alg: 'EdDSA',
  created_at: row.created_at.toISOString(),
  retired_at: row.retired_at?.toISOString() ?? null,
});
