import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { errorFacts, makeError } from '../src/errors.ts';
import { FAMILIES } from '../src/generated/tables.ts';
import * as sdk from '../src/index.ts';
import { spec } from './vectors.ts';

interface Case {
  readonly name: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly expect: Record<string, unknown> & { family: keyof typeof FAMILIES };
}
const { cases } = spec('vectors/errors.json') as { cases: readonly Case[] };
const NAMES: Readonly<Record<string, string>> = {
  docs_url: 'docsUrl',
  request_id: 'requestId',
  retry_after_ms: 'retryAfterMs',
};

for (const { name, status, headers, body, expect } of cases) {
  test(`error: ${name}`, () => {
    const header = (key: string): string | null => headers[key] ?? null;
    const error = makeError(errorFacts({ status, header, text: body }, 2, 0));
    const { message_contains: part, ...rest } = expect;
    const seen = error as unknown as Record<string, unknown>;
    for (const [key, value] of Object.entries(rest)) assert.deepEqual(seen[NAMES[key] ?? key], value, key);
    if (typeof part === 'string') assert.ok(error.message.includes(part), error.message);
    assert.ok(error.message.length < 400);
    assert.equal(error.attempts, 2);
    assert.equal(error.constructor.name, FAMILIES[expect.family].className);
    assert.ok(error instanceof sdk.AmazonScraperAPIError && error instanceof Error);
  });
}

test('every family has its class, exported under the name of the table', () => {
  for (const { className } of Object.values(FAMILIES)) {
    const found = (sdk as Record<string, unknown>)[className];
    assert.equal(typeof found, 'function', className);
  }
});

test('a logged error shows the code and the id of the request, and nothing secret', () => {
  const header = (): null => null;
  const text = JSON.stringify({ error: 'capacity', message: 'Full.', docs_url: 'd', request_id: 'req_9f2c8a1b3e4d' });
  const error = makeError(errorFacts({ status: 503, header, text }, 1, 0));
  assert.match(inspect(error), /ServerError: Full\.[\s\S]*code: 'capacity'[\s\S]*requestId: 'req_9f2c8a1b3e4d'/);
  const logged = JSON.parse(JSON.stringify(error)) as Record<string, unknown>;
  assert.equal(logged['message'], 'Full.');
  assert.equal(logged['requestId'], 'req_9f2c8a1b3e4d');
  assert.equal('stack' in logged, false);
});
