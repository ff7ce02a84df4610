import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { receiptSigningInput, verifyReceipt, type ReceiptClaims, type ReceiptKey } from '../src/index.ts';

const pair = generateKeyPairSync('ed25519');
const KEY: ReceiptKey = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: pair.publicKey.export({ format: 'jwk' }).x ?? '',
  kid: 'k1',
  use: 'sig',
  alg: 'EdDSA',
  created_at: '2026-01-01T00:00:00.000Z',
  retired_at: null,
};
const BODY = Buffer.from('{"request_id":"req_0123456789ab","title":"Ü"}');
const CLAIMS: ReceiptClaims = {
  v: 1,
  request_id: 'req_0123456789ab',
  key: 'asa_live_abcdefghijkl',
  endpoint: 'amazon.product',
  body_sha256: createHash('sha256').update(BODY).digest('hex'),
  credits: 5,
  entry: { seq: 3, hash: 'a'.repeat(64) },
  time: '2026-05-20T10:00:00.000Z',
};
const make = (claims: ReceiptClaims, kid = KEY.kid): string => {
  const input = receiptSigningInput(kid, claims);
  return `${input}.${sign(null, Buffer.from(input), pair.privateKey).toString('base64url')}`;
};

test('a receipt says what was signed, and which body it is about', async () => {
  assert.deepEqual(await verifyReceipt(make(CLAIMS), [KEY], BODY), { ok: true, claims: CLAIMS, kid: 'k1' });
  const other = await verifyReceipt(make(CLAIMS), [KEY], Buffer.from('{}'));
  assert.ok(!other.ok && /the body is another one/.test(other.problem));
  const unknown = await verifyReceipt(make(CLAIMS, 'k2'), [KEY], BODY);
  assert.ok(!unknown.ok && /"k2" is none/.test(unknown.problem));
});

test('whatever is changed in a receipt, it is refused and nothing is thrown', async () => {
  const receipt = make(CLAIMS);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(receipt.length - 1),
      fc.constantFrom('A', 'B', 'a', 'z', '0', '9', '-', '_', '.'),
      async (at, character) => {
        if (receipt[at] === character) return;
        const changed = receipt.slice(0, at) + character + receipt.slice(at + 1);
        const check = await verifyReceipt(changed, [KEY], BODY);
        // Of the last character of a part two bits say nothing: another one may mean the same bytes.
        const sameBytes = changed
          .split('.')
          .every((part, i) =>
            Buffer.from(part, 'base64url').equals(Buffer.from(receipt.split('.')[i] ?? '', 'base64url')),
          );
        const signatureOnly = at > receipt.lastIndexOf('.');
        assert.equal(check.ok, sameBytes && signatureOnly, changed);
      },
    ),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      assert.equal((await verifyReceipt(text, [KEY], BODY)).ok, false);
    }),
  );
});

test('a retired key proves what it signed before, not what comes after', async () => {
  const retired = { ...KEY, retired_at: '2026-05-20T09:59:00.000Z' };
  assert.equal((await verifyReceipt(make(CLAIMS), [retired])).ok, true);
  const late = await verifyReceipt(make({ ...CLAIMS, time: '2026-05-20T10:09:01.000Z' }), [retired]);
  assert.ok(!late.ok && /its key was retired/.test(late.problem));
});
