import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CODES, openApi, OPERATIONS, PRODUCT_FIELDS } from '../src/index.ts';

type Tree = Record<string, unknown>;
const at = (value: unknown, ...path: string[]): Tree => {
  let found = value;
  for (const key of path) found = (found as Tree | undefined)?.[key];
  return found as Tree;
};
const document = openApi('http://localhost:8080');

test('every operation is in the document, with a response for its success and for each of its errors', () => {
  for (const operation of OPERATIONS) {
    const described = at(document, 'paths', operation.path, operation.method.toLowerCase());
    assert.equal(described['operationId'], operation.id);
    const responses = at(described, 'responses');
    assert.ok(String(operation.success.status) in responses);
    const examples = Object.entries(responses)
      .flatMap(([, response]) => Object.keys(at(response, 'content', 'application/json', 'examples') ?? {}))
      .toSorted();
    assert.deepEqual(examples, [...operation.errors].toSorted(), operation.id);
  }
});

test('ids and paths are each used once', () => {
  assert.equal(new Set(OPERATIONS.map((o) => o.id)).size, OPERATIONS.length);
  assert.equal(new Set(OPERATIONS.map((o) => `${o.method} ${o.path}`)).size, OPERATIONS.length);
});

test('every error of the table belongs to some operation', () => {
  assert.deepEqual([...new Set(OPERATIONS.flatMap((o) => o.errors))].toSorted(), ERROR_CODES.toSorted());
});

test('the product answer requires every field of the contract', () => {
  const schema = at(
    document,
    'paths',
    '/api/v1/amazon/product',
    'get',
    'responses',
    '200',
    'content',
    'application/json',
    'schema',
  );
  const required = schema['required'] as string[];
  for (const field of [...PRODUCT_FIELDS, 'request_id', 'fetched_at']) assert.ok(required.includes(field), field);
  assert.ok(!required.includes('html'));
});

test('the document is plain JSON', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
});
