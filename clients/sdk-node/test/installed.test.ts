import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { examplesOf, installPacked, oldNode, type Project } from '../../../tools/clients/project.ts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox.ts';

/** The packed client in an empty project, against the real service's sandbox. */
let project: Project;
let sandbox: Sandbox;
let env: Record<string, string>;
before(async () => {
  project = installPacked(['sdk-node']);
  sandbox = await startSandbox();
  env = { ASA_API_KEY: sandbox.key, ASA_BASE_URL: sandbox.url };
});
after(async () => {
  await sandbox?.stop();
  project?.remove();
});

const page = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
const old = oldNode();

test('every example of the README runs against the sandbox', async () => {
  const examples = examplesOf(page, 'js');
  assert.ok(examples.length >= 6);
  const printed = await Promise.all(examples.map((source, i) => project.run(`example${i}.mjs`, source, env)));
  const all = printed.join('\n');
  assert.match(all, /^\S.* \d+(?:\.\d+)? EUR$/m);
  assert.match(all, /^\d+ products for 0 credits; request req_[0-9a-f]{12}$/m);
  assert.match(all, /^UpstreamError blocked_by_amazon 422 60000 [1-4]$/m);
  assert.match(all, /^null$/m);
  assert.match(all, /^complete 2 1$/m);
  assert.match(all, /^2 error product_not_found$/m);
  assert.match(all, /^at most 10 credits true$/m);
  assert.match(all, /^item 1 product_not_found$/m);
  assert.match(all, /^ended complete$/m);
  assert.match(all, /^whole: \d+ entries, \d+ credits$/m);
  assert.match(all, /^B0ASA00001 B0ASA00002 B0ASA00003 B0ASA00004 \{ concurrency: 200, rps: 25 \}$/m);
});

test(
  'Node 20 runs it as ESM and as CommonJS',
  { skip: old === null && 'SKIPPED: there is no Node 20 on this machine' },
  async () => {
    const body = `
    const asa = new AmazonScraperAPI(process.env.ASA_API_KEY, { baseUrl: process.env.ASA_BASE_URL });
    asa.product({ query: 'SANDBOXFLK' }).withMeta().then(({ data, meta }) => console.log(data.asin, meta.attempts));
    asa.product({ query: 'SANDBOX404' }).catch((error) => console.log(error instanceof NotFoundError, error.code));`;
    const node = old ?? '';
    const esm = await project.run(
      'old.mjs',
      `import { AmazonScraperAPI, NotFoundError } from 'asa-client';${body}`,
      env,
      node,
    );
    const cjs = await project.run(
      'old.cjs',
      `const { AmazonScraperAPI, NotFoundError } = require('asa-client');${body}`,
      env,
      node,
    );
    for (const printed of [esm, cjs])
      assert.deepEqual(printed.trim().split('\n').toSorted(), ['SANDBOXFLK 2', 'true product_not_found']);
  },
);

test('its types are there for ESM and CommonJS, and know the contract', () => {
  const source = `import { AmazonScraperAPI, type ProductAnswer } from 'asa-client';
    const asa = new AmazonScraperAPI('asa_test_x');
    export const price = async (): Promise<number | null> => (await asa.product({ query: 'B0ASA00001', domain: 'de' })).price;
    export const kind: ProductAnswer['kind'] = 'book';
    // @ts-expect-error there is no such marketplace
    void asa.product({ query: 'B0ASA00001', domain: 'example' });
    // @ts-expect-error the query is missing
    void asa.search({ pages: 2 });`;
  for (const name of ['types.mts', 'types.cts']) writeFileSync(join(project.folder, name), source);
  const types = join(import.meta.dirname, '..', '..', '..', 'node_modules', '@types');
  const flags = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--types',
    'node',
    '--typeRoots',
    types,
    '--skipLibCheck',
  ];
  const tsc = join(types, '..', '.bin', 'tsc');
  execFileSync(tsc, [...flags, 'types.mts', 'types.cts'], { cwd: project.folder, stdio: 'pipe' });
});

test('the package carries what it should and nothing else', () => {
  const folder = join(project.folder, 'node_modules', 'asa-client');
  for (const file of ['README.md', 'LICENSE', 'dist/esm/index.js', 'dist/cjs/index.js', 'dist/esm/index.d.ts'])
    assert.ok(existsSync(join(folder, file)), file);
  for (const file of ['src', 'test']) assert.equal(existsSync(join(folder, file)), false, file);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  assert.equal(manifest['dependencies'], undefined);
  const version = readFileSync(join(folder, 'dist/esm/version.js'), 'utf8');
  assert.ok(version.includes(`'${String(manifest['version'])}'`), 'version.ts and package.json agree');
});
