import { z } from 'zod';
import { RequestId } from './items/list.ts';

/**
 * Receipts: a signed statement of what an answer was and what it cost, in the header `Asa-Receipt` of each 2xx of product and search. It
 * is a JWS in compact form (RFC 7515) with EdDSA over Ed25519 (RFC 8037), so that any JOSE library can check one, and so can
 * `verifyReceipt` here. The keys are a JWK set (RFC 7517) at `RECEIPT_KEYS_PATH`.
 */

export const RECEIPT_KEYS_PATH = '/.well-known/asa-receipts.json';
const TYPE = 'asa-receipt+jws';
const ALGORITHM = 'EdDSA';

/** A place in the hash chain of a workspace's ledger. */
export const LedgerPlace = z.object({
  seq: z.int().positive().describe('Number of the entry within its workspace.'),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Hash of the chain with this entry; hex.'),
});
export type LedgerPlace = z.infer<typeof LedgerPlace>;

/** What a receipt states. */
export const ReceiptClaims = z.object({
  v: z.literal(1).describe('Version of this form.'),
  request_id: z.string(),
  key: z.string().describe('Short prefix of the API key.'),
  endpoint: z.string().describe('`amazon.product` or `amazon.search`.'),
  body_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('SHA-256 of the exact bytes of the body, before any content encoding on the way; hex.'),
  credits: z.int().nonnegative().describe('Credits taken; 0 for a test key.'),
  entry: LedgerPlace.nullable().describe('The capture in the ledger; null when nothing was taken.'),
  time: z.iso.datetime().describe('When it was made.'),
});
export type ReceiptClaims = z.infer<typeof ReceiptClaims>;

export const ReceiptKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().describe('The public key, 32 bytes, base64url.'),
  kid: z.string().describe('Id of the key, as the header of a receipt names it.'),
  use: z.literal('sig'),
  alg: z.literal(ALGORITHM),
  created_at: z.iso.datetime(),
  retired_at: z.iso.datetime().nullable().describe('Since when it signs nothing new; null for the key in use.'),
});
export type ReceiptKey = z.infer<typeof ReceiptKey>;

/** `GET /.well-known/asa-receipts.json` */
export const ReceiptKeysAnswer = z.object({ request_id: RequestId, keys: z.array(ReceiptKey) });
/** `POST /admin/v1/receipt-keys` */
export const ReceiptKeyAnswer = ReceiptKey.extend({ request_id: RequestId });

const ReceiptHeader = z.object({ alg: z.literal(ALGORITHM), typ: z.literal(TYPE), kid: z.string() });

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What is signed; a receipt is this, a dot, and the signature in base64url. */
export const receiptSigningInput = (kid: string, claims: ReceiptClaims): string =>
  `${encode({ alg: ALGORITHM, typ: TYPE, kid })}.${encode(claims)}`;

/** A key that was retired may sign this much longer: other processes hear of the new one with a delay. In ms. */
const RETIRED_GRACE_MS = 10 * 60_000;

export type ReceiptCheck =
  | { readonly ok: true; readonly claims: ReceiptClaims; readonly kid: string }
  | { readonly ok: false; readonly problem: string };

/**
 * Checks a receipt: its form, its signature by one of the keys, that the key was in use at its time, and, when the body is given, that it
 * is the one that was sent. Pure (the platform's own cryptography); never throws for what is in the receipt.
 * @param keys the JWK set of the installation that is said to have made it.
 * @param body exact bytes of the answer's body; left out: the hash is not compared.
 */
export async function verifyReceipt(
  receipt: string,
  keys: readonly ReceiptKey[],
  body?: Uint8Array<ArrayBuffer>,
): Promise<ReceiptCheck> {
  const parts = /^([\w-]+)\.([\w-]+)\.([\w-]{86})$/.exec(receipt.trim());
  const header = ReceiptHeader.safeParse(decode(parts?.[1]));
  const claims = ReceiptClaims.safeParse(decode(parts?.[2]));
  if (parts === null || !header.success || !claims.success) return no('it has not the form of a receipt');
  const { kid } = header.data;
  const key = keys.find((one) => one.kid === kid);
  if (key === undefined) return no(`its key ${JSON.stringify(kid)} is none of the given keys`);
  const { kty, crv, x } = key;
  const publicKey = await crypto.subtle.importKey('jwk', { kty, crv, x }, 'Ed25519', false, ['verify']);
  const signature = Buffer.from(parts[3] ?? '', 'base64url');
  const signed = Buffer.from(`${parts[1]}.${parts[2]}`);
  if (!(await crypto.subtle.verify('Ed25519', publicKey, signature, signed))) {
    return no('the signature does not fit: the receipt was changed, or made by somebody else');
  }
  const time = Date.parse(claims.data.time);
  if (key.retired_at !== null && time > Date.parse(key.retired_at) + RETIRED_GRACE_MS) {
    return no(`it is of ${claims.data.time}, but its key was retired at ${key.retired_at}`);
  }
  if (body !== undefined) {
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', body)).toString('hex');
    if (hash !== claims.data.body_sha256) {
      return no(`the body is another one: its SHA-256 is ${hash}, the receipt says ${claims.data.body_sha256}`);
    }
  }
  return { ok: true, claims: claims.data, kid };
}

const no = (problem: string): ReceiptCheck => ({ ok: false, problem });

function decode(part: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
  } catch {
    return undefined; // Not JSON: no receipt, which the caller says.
  }
}
