import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkWebhook, verifyWebhookSignature } from '../src/index.ts';
import { spec } from './vectors.ts';

interface Case {
  readonly name: string;
  readonly kind: 'asa' | 'standard';
  readonly secret: string;
  readonly body: string;
  readonly headers: Record<string, string>;
  readonly now: number;
  readonly expected: string;
}
const { cases } = spec('vectors/webhooks.json') as { cases: readonly Case[] };

for (const { name, kind, secret, body, headers, now, expected } of cases) {
  test(`webhook: ${name}`, () => {
    const received = { kind, secret, body, headers, now: now * 1000 };
    assert.equal(checkWebhook(received), expected);
    assert.equal(verifyWebhookSignature(received), expected === 'valid');
    assert.equal(checkWebhook({ ...received, body: Buffer.from(body), headers: new Headers(headers) }), expected);
    const shouted = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toUpperCase(), value]));
    assert.equal(checkWebhook({ ...received, headers: shouted }), expected);
  });
}

test('one of several secrets is enough, and none at all is a mistake of the caller', () => {
  const valid = cases.filter(({ expected }) => expected === 'valid');
  assert.ok(valid.some(({ kind }) => kind === 'asa') && valid.some(({ kind }) => kind === 'standard'));
  const other = `whsec_${Buffer.from('another secret of 32 bytes here!').toString('base64')}`;
  for (const { kind, secret, body, headers, now } of valid) {
    const received = { kind, body, headers, now: now * 1000 };
    assert.equal(checkWebhook({ ...received, secret: [other, secret] }), 'valid');
    assert.equal(checkWebhook({ ...received, secret: other }), 'no_match');
    for (const wrong of ['', 'whsec_', 'secret', []])
      assert.throws(() => checkWebhook({ ...received, secret: wrong }), TypeError);
  }
});
