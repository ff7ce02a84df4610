import assert from 'node:assert/strict';
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
  type InputType,
} from 'node:zlib';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decodeBody } from '../src/index.ts';

const LIMIT = 12 * 1024 * 1024;

const brotli = (input: InputType): Buffer =>
  brotliCompressSync(input, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });

const CODINGS: readonly (readonly [header: string, form: string, compress: (input: InputType) => Buffer])[] = [
  ['gzip', 'gzip', (input) => gzipSync(input)],
  ['x-gzip', 'gzip', (input) => gzipSync(input)],
  ['deflate', 'zlib', (input) => deflateSync(input)],
  ['deflate', 'raw', (input) => deflateRawSync(input)],
  ['br', 'brotli', brotli],
  ['zstd', 'zstd', (input) => zstdCompressSync(input)],
];

const decodedText = (body: Uint8Array, coding: string | null, limit = LIMIT): string => {
  const decoded = decodeBody(body, coding, limit);
  return decoded.ok ? Buffer.from(decoded.body).toString() : decoded.verdict;
};

for (const [coding, form, compress] of CODINGS) {
  test(`${coding} (${form}): whole bodies decode`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        const decoded = decodeBody(compress(bytes), coding.toUpperCase(), LIMIT);
        assert.ok(decoded.ok);
        assert.deepEqual(Buffer.from(decoded.body), Buffer.from(bytes));
      }),
      { numRuns: 50 },
    );
  });

  test(`${coding} (${form}): a body cut anywhere is undecodable, never half a page`, () => {
    const whole = compress(Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i) % 251)));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length - 1 }), (length) => {
        assert.deepEqual(decodeBody(whole.subarray(0, length), coding, LIMIT), { ok: false, verdict: 'undecodable' });
      }),
      { numRuns: 50 },
    );
  });

  test(`${coding} (${form}): a bomb ends at the limit, quickly and without being unpacked`, () => {
    const bomb = compress(Buffer.alloc(80 * 1024 * 1024));
    assert.ok(bomb.length < 1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    const started = performance.now();
    assert.deepEqual(decodeBody(bomb, coding, LIMIT), { ok: false, verdict: 'too_large' });
    const ms = performance.now() - started;
    const grown = process.memoryUsage().arrayBuffers - before;
    assert.ok(ms < 2000, `it took ${ms} ms`);
    assert.ok(grown < 2 * LIMIT, `buffers grew by ${grown} bytes`);
  });

  test(`${coding} (${form}): the limit is exact`, () => {
    const body = compress(Buffer.alloc(1000, 'x'));
    assert.equal(decodeBody(body, coding, 1000).ok, true);
    assert.deepEqual(decodeBody(body, coding, 999), { ok: false, verdict: 'too_large' });
  });
}

test('a page that is not what its header says is undecodable', () => {
  for (const coding of ['gzip', 'br', 'zstd', 'deflate']) {
    assert.equal(decodedText(Buffer.from('<!doctype html><html>plain</html>'), coding), 'undecodable', coding);
  }
  assert.equal(decodedText(gzipSync('x'), 'br'), 'undecodable');
});

test('codings in a row are undone from the last to the first, three at most', () => {
  const twice = brotli(gzipSync('page'));
  assert.equal(decodedText(twice, 'gzip, br'), 'page');
  assert.equal(decodedText(twice, 'br, gzip'), 'undecodable');
  const thrice = gzipSync(twice);
  assert.equal(decodedText(thrice, 'gzip,br, identity ,gzip'), 'page');
  assert.equal(decodedText(gzipSync(thrice), 'gzip, br, gzip, gzip'), 'undecodable');
});

test('a bomb within a bomb ends at the limit', () => {
  const inner = gzipSync(Buffer.alloc(40 * 1024 * 1024));
  assert.equal(decodedText(gzipSync(inner), 'gzip, gzip'), 'too_large');
});

test('no coding, identity and unknown ones', () => {
  assert.equal(decodedText(Buffer.from('page'), null), 'page');
  assert.equal(decodedText(Buffer.from('page'), ''), 'page');
  assert.equal(decodedText(Buffer.from('page'), 'identity'), 'page');
  assert.equal(decodedText(Buffer.from('page'), 'compress'), 'undecodable');
  assert.equal(decodedText(Buffer.from('page'), 'constructor'), 'undecodable');
  assert.equal(decodedText(Buffer.from('12345'), null, 4), 'too_large');
});

test('an empty body is empty whatever its header says', () => {
  for (const coding of [null, 'gzip', 'br', 'zstd', 'deflate']) assert.equal(decodedText(new Uint8Array(), coding), '');
});

test('several gzip members are one body', () => {
  assert.equal(decodedText(Buffer.concat([gzipSync('one '), gzipSync('two')]), 'gzip'), 'one two');
});

test('a zstd frame that asks for a window over 8 MiB is refused', () => {
  const greedy = zstdCompressSync(Buffer.alloc(40 * 1024 * 1024), {
    params: { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_contentSizeFlag]: 0 },
  });
  assert.equal(decodedText(greedy, 'zstd', 64 * 1024 * 1024), 'undecodable');
});
