import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { newSecret, secretBytes, signatureHeaders } from '../../src/webhooks/signature.ts';
import { verifyAsa, verifyStandard, type Verdict } from './helpers/verify.ts';

interface Case {
  readonly name: string;
  readonly kind: 'asa' | 'standard';
  readonly secret: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly now: number;
  readonly expected: Verdict;
}

const file = join(import.meta.dirname, '../../../../spec/vectors/webhooks.json');
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Case[] };

/** What the reference implementation of Standard Webhooks says. It reads JSON after checking; a body that is none is no concern here. */
function official({ secret, body, headers, now }: Case, mock: { setTime: (ms: number) => void }): boolean {
  mock.setTime(now * 1000);
  try {
    new Webhook(secret).verify(body, { ...headers });
    return true;
  } catch (error) {
    return error instanceof SyntaxError;
  }
}

describe('the webhook vectors', () => {
  for (const c of cases)
    it(c.name, (t) => {
      const received = { headers: c.headers, body: Buffer.from(c.body) };
      const found = c.kind === 'asa' ? verifyAsa(c.secret, received) : verifyStandard(c.secret, received, c.now);
      assert.equal(found, c.expected);
      if (c.kind === 'asa') return;
      t.mock.timers.enable({ apis: ['Date'] });
      assert.equal(official(c, t.mock.timers), c.expected === 'valid', 'the official package');
    });

  it('are made by our signer wherever they are valid and have one signature', () => {
    let seen = 0;
    for (const c of cases) {
      if (c.expected !== 'valid' || c.headers['webhook-signature']?.includes(' ')) continue;
      const timestamp = Number(c.headers['webhook-timestamp'] ?? 0);
      const id = c.headers['webhook-id'] ?? 'msg_x';
      const made = signatureHeaders([c.secret], { id, timestamp, body: Buffer.from(c.body) });
      for (const [name, value] of Object.entries(c.headers)) {
        // Hexadecimal of the other case is accepted but not sent.
        assert.equal(made[name], name === 'x-asa-signature' ? value.toLowerCase() : value, c.name);
        seen++;
      }
    }
    assert.ok(seen > 10);
  });

  it('cover both kinds and every verdict', () => {
    const kinds = new Set(cases.map((c) => `${c.kind} ${c.expected}`));
    for (const expected of ['valid', 'no_match', 'malformed']) {
      assert.ok(kinds.has(`asa ${expected}`), expected);
      assert.ok(kinds.has(`standard ${expected}`), expected);
    }
    assert.ok(kinds.has('standard too_old') && kinds.has('standard too_new'));
    assert.equal(new Set(cases.map((c) => c.name)).size, cases.length);
  });
});

describe('signatureHeaders', () => {
  const message = fc.record({
    id: fc.stringMatching(/^msg_[0-9a-f]{32}$/),
    timestamp: fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }),
    body: fc.json().map((text) => Buffer.from(text)),
    secret: fc.uint8Array({ minLength: 24, maxLength: 64 }).map((b) => `whsec_${Buffer.from(b).toString('base64')}`),
  });

  it('is accepted by us and by the official package, and by neither with another secret or body', (t) => {
    t.mock.timers.enable({ apis: ['Date'] });
    fc.assert(
      fc.property(message, ({ secret, ...signed }) => {
        t.mock.timers.setTime(signed.timestamp * 1000);
        const headers = signatureHeaders([secret], signed);
        const received = { headers, body: signed.body };
        assert.equal(verifyAsa(secret, received), 'valid');
        assert.equal(verifyStandard(secret, received, signed.timestamp), 'valid');
        assert.deepEqual(
          new Webhook(secret).verify(signed.body.toString(), headers),
          JSON.parse(signed.body.toString()),
        );
        const other = newSecret();
        const tampered = { headers, body: Buffer.concat([signed.body, Buffer.from(' ')]) };
        assert.equal(verifyAsa(other, received), 'no_match');
        assert.equal(verifyStandard(other, received, signed.timestamp), 'no_match');
        assert.throws(() => new Webhook(other).verify(signed.body.toString(), headers));
        assert.equal(verifyAsa(secret, tampered), 'no_match');
        assert.equal(verifyStandard(secret, tampered, signed.timestamp), 'no_match');
      }),
    );
  });

  it('signs with every secret while one is rotated', () => {
    const [fresh, old] = [newSecret(), newSecret()];
    const signed = { id: 'msg_1', timestamp: 1_764_000_000, body: Buffer.from('{}') };
    const received = { headers: signatureHeaders([fresh, old], signed), body: signed.body };
    assert.equal(verifyStandard(fresh, received, signed.timestamp), 'valid');
    assert.equal(verifyStandard(old, received, signed.timestamp), 'valid');
    assert.equal(verifyAsa(fresh, received), 'valid');
    assert.equal(verifyAsa(old, received), 'no_match');
  });
});

describe('newSecret', () => {
  it('is whsec_ and the base64 of 32 bytes', () => {
    const bytes = Buffer.alloc(32, 7);
    assert.equal(
      newSecret(() => bytes),
      `whsec_${bytes.toString('base64')}`,
    );
    assert.deepEqual(secretBytes(newSecret(() => bytes)), bytes);
    assert.notEqual(newSecret(), newSecret());
    assert.throws(() => secretBytes('bm8gcHJlZml4'), TypeError);
  });
});
