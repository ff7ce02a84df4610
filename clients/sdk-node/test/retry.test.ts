import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { RETRY } from '../src/generated/tables.ts';
import { decide, type Circumstances, type Failure } from '../src/retry.ts';
import { spec } from './vectors.ts';

interface Case {
  readonly name: string;
  readonly attempt: number;
  readonly failure: { kind: string; status?: number; code?: string | null; headers?: Record<string, string> };
  readonly max_attempts?: number;
  readonly timeout_retries?: number;
  readonly idempotent?: boolean;
  readonly left_ms?: number | null;
  readonly retry_after_cap_ms?: number;
  readonly now?: string;
  readonly expect: { retry: boolean; reason?: string; wait_between_ms?: [number, number] };
}
const { defaults, cases } = spec('vectors/retry.json') as {
  defaults: Required<Omit<Case, 'name' | 'attempt' | 'failure' | 'expect'>>;
  cases: readonly Case[];
};

const failureOf = ({ failure }: Case): Failure =>
  ({ ...failure, header: (name: string) => failure.headers?.[name] ?? null }) as unknown as Failure;

const circumstances = (one: Case, random: number): Circumstances => {
  const all = { ...defaults, ...one };
  return {
    attempt: one.attempt,
    maxAttempts: all.max_attempts,
    timeoutRetries: all.timeout_retries,
    idempotent: all.idempotent,
    leftMs: all.left_ms,
    retryAfterCapMs: all.retry_after_cap_ms,
    now: Date.parse(all.now),
    random,
  };
};

for (const one of cases) {
  test(`retry: ${one.name}`, () => {
    const [low, high] = one.expect.wait_between_ms ?? [null, null];
    for (const random of [0, 0.5, 0.999]) {
      const waitMs = low === null || high === null ? null : low + random * (high - low);
      const expected = one.expect.retry ? { retry: true, waitMs } : { retry: false, reason: one.expect.reason, waitMs };
      assert.deepEqual(decide(failureOf(one), circumstances(one, random)), expected);
    }
  });
}

test('whatever comes, a wait is bounded, within the deadline, and never for more attempts than allowed', () => {
  const failure = fc.oneof(
    fc.record({
      kind: fc.constant('response'),
      status: fc.integer({ min: 300, max: 599 }),
      code: fc.option(fc.constantFrom('capacity', 'not_found', 'blocked_by_amazon', 'toString', '__proto__', 'x')),
      headers: fc.dictionary(
        fc.constantFrom('retry-after', 'asa-retryable'),
        fc.oneof(fc.string(), fc.nat().map(String)),
      ),
    }),
    fc.record({ kind: fc.constantFrom('connection', 'timeout', 'truncated', 'not_json', 'cancelled', 'deadline') }),
  );
  const at = fc.record({
    attempt: fc.integer({ min: 1, max: 50 }),
    maxAttempts: fc.integer({ min: 1, max: 50 }),
    timeoutRetries: fc.nat(50),
    idempotent: fc.boolean(),
    leftMs: fc.option(fc.integer({ min: -10, max: 100_000 })),
    retryAfterCapMs: fc.nat(200_000),
    now: fc.nat(),
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });
  fc.assert(
    fc.property(failure, at, (raw, when) => {
      const headers = 'headers' in raw ? raw.headers : {};
      const decision = decide({ ...raw, header: (n: string) => headers[n] ?? null } as unknown as Failure, when);
      if (decision.waitMs !== null) {
        assert.ok(decision.waitMs >= 0 && decision.waitMs <= Math.max(60_000, when.retryAfterCapMs) + RETRY.jitterMs);
      }
      if (!decision.retry) return;
      assert.ok(when.attempt < when.maxAttempts);
      assert.ok(when.leftMs === null || decision.waitMs < when.leftMs);
    }),
  );
});
