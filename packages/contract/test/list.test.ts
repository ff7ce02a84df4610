import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import * as contract from '../src/index.ts';
import { ApiError, decodeCursor, encodeCursor, listPage } from '../src/index.ts';

test('a cursor brings back its position, and only in its own list', () => {
  fc.assert(
    fc.property(
      fc.maxSafeInteger(),
      fc.string().filter((text) => !text.includes('\0')),
      (n, text) => {
        const cursor = encodeCursor('rows', [n, text]);
        assert.match(cursor, /^[\w-]+$/);
        assert.deepEqual(decodeCursor('rows', ['number', 'text'], cursor), [n, text]);
        for (const parts of [['text', 'text'], ['number'], ['number', 'text', 'text']] as const)
          refuses('rows', parts, cursor);
        refuses('others', ['number', 'text'], cursor);
      },
    ),
  );
  assert.equal(decodeCursor('rows', ['number'], null), null);
});

/** Any UTF-16 text, well-formed or not. */
const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));

test('whatever text is sent as a cursor is a position or is refused by name', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.base64String(), fc.json({ maxDepth: 1 }).map(btoaSafe)), (text) => {
      refuses('rows', ['number', 'text'], text);
    }),
  );
  refuses('rows', ['number'], encodeCursor('rows', [Number.MAX_VALUE]));
  refuses('rows', ['text'], encodeCursor('rows', ['a\0']));
});

const btoaSafe = (text: string): string => Buffer.from(text).toString('base64url');

function refuses(list: string, parts: readonly ('text' | 'number')[], cursor: string): void {
  assert.throws(
    () => decodeCursor(list, parts, cursor),
    (error) =>
      error instanceof ApiError && error.code === 'invalid_params' && /^cursor ".*" is not/.test(error.message),
  );
}

test('the row too many only tells that the list goes on', () => {
  const page = (rows: number[], limit: number) =>
    listPage(
      rows,
      limit,
      (n) => n * 10,
      (n) => `after ${n}`,
    );
  assert.deepEqual(page([], 2), { items: [], nextCursor: null });
  assert.deepEqual(page([1, 2], 2), { items: [10, 20], nextCursor: null });
  assert.deepEqual(page([1, 2, 3], 2), { items: [10, 20], nextCursor: 'after 2' });
});

test('every answer of accounts and traces can be described, and carries a request id', () => {
  const answers = Object.entries(contract).filter(
    ([name, value]) => name.endsWith('Answer') && value instanceof z.ZodObject,
  );
  assert.ok(answers.length >= 10);
  for (const [name, schema] of answers as [string, z.ZodObject][]) {
    const json = z.toJSONSchema(schema, { io: 'output' });
    assert.ok(json.required?.includes('request_id'), name);
  }
});
