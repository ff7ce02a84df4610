import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { QUERY_MARKERS, TEST_ASINS } from '../src/index.ts';

test('the README names every ASIN with a behaviour and every marker, in the words of the table', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| `(ORIGIN\w+)` \| (.+) \|$/gm)].map(([, asin, does]) => [asin, does]);
  assert.deepEqual(
    rows,
    Object.entries(TEST_ASINS).map(([asin, { does }]) => [asin, does]),
  );
  for (const marker of Object.values(QUERY_MARKERS)) assert.ok(readme.includes(`\`${marker}\``), marker);
});
