import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { openApi } from '@asa/contract';

/** The OpenAPI document before two judges who know nothing of each other. */

const document = openApi('http://localhost:8080');

test('the first validator: the document is OpenAPI 3.1 by the schema of the specification, and its references hold', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  assert.deepEqual({ valid, errors }, { valid: true, errors: undefined });
  assert.equal(validator.version, '3.1');
  assert.doesNotThrow(() => validator.resolveRefs());
});

test('the second validator: the document passes the rules of a linter, examples included', async () => {
  const config = await createConfig({
    extends: ['recommended'],
    rules: {
      'no-invalid-media-type-examples': 'error',
      'no-invalid-parameter-examples': 'error',
      'no-invalid-schema-examples': 'error',
      'operation-operationId-unique': 'error',
      'operation-4xx-response': 'off', // `healthz` can only answer.
      'no-server-example.com': 'off', // The server is this one.
    },
  });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  const told = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`);
  assert.deepEqual([...new Set(told)].slice(0, 20), []);
});

test('both validators bite', async () => {
  const broken = structuredClone(document) as { paths: Record<string, { get: { responses: unknown } }> };
  const path = broken.paths['/healthz'];
  assert.ok(path !== undefined);
  path.get.responses = 'none';
  assert.equal((await new Validator().validate(structuredClone(broken))).valid, false);
  const config = await createConfig({ extends: ['minimal'] });
  assert.ok(
    (await lintFromString({ source: JSON.stringify(broken), config })).some((problem) => problem.severity === 'error'),
  );
});
