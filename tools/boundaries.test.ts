import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { importsOf, readSource, sourceFiles, violations } from './boundaries.ts';

const root = join(import.meta.dirname, '..');
const files = sourceFiles(root);
const isGenerated = (path: string): boolean => path.includes('/generated/');

test('every room keeps the import law', () => {
  assert.ok(files.length > 50, `only ${files.length} source files were found; the walk went blind`);
  const found = files.flatMap((path) => violations(path, readSource(root, path)));
  assert.deepEqual(found, []);
});

test('the law still bites', () => {
  const bites = (path: string, source: string): void => assert.equal(violations(path, source).length, 1, source);
  bites('packages/extract/src/a.ts', `import { x } from '@asa/egress';`);
  bites('packages/store/src/a.ts', `import { x } from '@asa/gateway';`);
  bites('packages/extract/src/a.ts', `import { readFileSync } from 'node:fs';`);
  bites('packages/scrape/src/a.ts', `import x from '../../egress/src/index.ts';`);
  bites('packages/scrape/src/a.ts', `export const y = () => import('@asa/gateway');`);
  bites('packages/contract/src/a.ts', `import 'undici';`);
  bites('packages/store/src/a.ts', `const url = process.env.DATABASE_URL;`);
  bites('packages/store/src/a.ts', `const url = process['env'].DATABASE_URL;`);
  bites('packages/store/src/a.ts', `import { env } from 'node:process';`);
  bites('packages/shop/src/a.ts', `export const a = 1;`);
  bites('clients/sdk-node/src/a.ts', `import { ERRORS } from '@asa/contract';`);
  bites('clients/sdk-node/src/a.ts', `import { readFileSync } from 'node:fs';`);
  bites('clients/cli/src/a.ts', `import x from '../../sdk-node/src/index.ts';`);
  bites('clients/cli/src/a.ts', `const key = process.env.ASA_API_KEY;`);
  bites('clients/shop/src/a.ts', `export const a = 1;`);
  assert.deepEqual(
    violations('packages/scrape/src/a.ts', `import type { Egress } from '@asa/egress';\nimport x from './b.ts';`),
    [],
  );
});

test('imports of every form are seen', () => {
  const source = `import a from 'a';\nimport { b,\n c } from "b";\nimport 'c';\nexport * from 'd';\nexport { e } from 'e';\nconst f = await import('f');\nimport type { G } from 'g';`;
  assert.deepEqual(importsOf(source), ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
});

test('files stay small: none over 500 lines, the median under 100', () => {
  const lines = files
    .filter((path) => !isGenerated(path))
    .map((path) => ({ path, lines: readSource(root, path).split('\n').length - 1 }));
  assert.deepEqual(
    lines.filter((file) => file.lines > 500),
    [],
  );
  const sorted = lines.map((file) => file.lines).toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  assert.ok(median < 100, `the median file has ${median} lines`);
});
