import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ERROR_CODES, ERRORS, SANDBOX } from '@asa/contract';
import { STAGES } from '../packages/gateway/src/context.ts';

/** The pages at the root name the same things as the code. */

const root = join(import.meta.dirname, '..');
const page = (name: string): string => readFileSync(join(root, name), 'utf8');
const PAGES = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];

test('the README names exactly the ASINs of the sandbox, and the number of error codes', () => {
  assert.deepEqual([...new Set(page('README.md').match(/SANDBOX\w{3}/g))].toSorted(), Object.keys(SANDBOX).toSorted());
  assert.equal(ERROR_CODES.length, 17);
  assert.match(page('README.md'), /Seventeen codes/);
});

test('the drawing of a request has every stage in its order and every error under its status', () => {
  const drawing =
    page('ARCHITECTURE.md')
      .split('```')
      .find((part) => part.includes('GET /api/v1/')) ?? '';
  const places = STAGES.map((name) => drawing.search(new RegExp(`\\d +${name}\\b`)));
  assert.ok(
    places.every((place, index) => place > (places[index - 1] ?? 0)),
    String(places),
  );
  for (const code of ERROR_CODES)
    assert.match(drawing, new RegExp(`${ERRORS[code].status} [^\\n]*\\b${code}\\b`), code);
});

test('every command and every file that the pages name exists', () => {
  const { scripts } = JSON.parse(page('package.json')) as { scripts: Record<string, string> };
  for (const name of PAGES) {
    const text = page(name);
    for (const [, script = ''] of text.matchAll(/npm run ([\w:-]+)/g))
      assert.ok(script in scripts, `${name}: npm run ${script}`);
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      assert.ok(existsSync(join(root, target)), `${name}: ${target}`);
    for (const [, file = ''] of text.matchAll(/`((?:packages|tools|bench|spec)\/[\w./-]+)`/g))
      assert.ok(existsSync(join(root, file)), `${name}: ${file}`);
  }
});
