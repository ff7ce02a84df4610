import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { examplesOf, installPacked, oldNode, type Project } from '../../../tools/clients/project.ts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox.ts';

/** The packed command in an empty project, against the real service's sandbox. */
let project: Project;
let sandbox: Sandbox;
let home: string;
let env: Record<string, string>;
before(async () => {
  project = installPacked(['sdk-node', 'cli']);
  sandbox = await startSandbox();
  home = mkdtempSync(join(tmpdir(), 'asa-home-'));
  const bin = join(project.folder, 'node_modules', '.bin');
  env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    ASA_BASE_URL: sandbox.url,
    ASA_API_KEY: sandbox.key,
    ASA_ADMIN_TOKEN: sandbox.adminToken,
  };
});
after(async () => {
  await sandbox?.stop();
  project?.remove();
  rmSync(home, { recursive: true, force: true });
});

const sh = async (script: string, more: Record<string, string> = {}): Promise<string> =>
  (await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: home, env: { ...env, ...more } }))
    .stdout;

const page = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');

test('every example of the README runs against the sandbox', async () => {
  const examples = examplesOf(page, 'sh');
  assert.ok(examples.length >= 6);
  let all = '';
  for (const example of examples) all += await sh(example);
  assert.match(all, /"title":"[^"]+","price":[\d.]+,"currency":"EUR"/);
  assert.match(all, /^attempt|fetch +\|/m);
  assert.match(all, /"status":"error","data":null,"error":\{"code":"product_not_found"/);
  assert.match(all, /"key":"asa_test_/);
});

test('login tries the key, keeps it, and the environment wins over it', async () => {
  const none = { ASA_API_KEY: '', ASA_BASE_URL: '' };
  await assert.rejects(
    sh(`echo asa_test_00000000000000000000000000000000 | asa login --base-url ${sandbox.url}`, none),
    { code: 4 },
  );
  await sh(`echo ${sandbox.key} | asa login --base-url ${sandbox.url}`, none);
  const path = join(home, '.config', 'asa', 'config.json');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.match(await sh('asa account', none), /"plan":"pro"/);
  await assert.rejects(sh('asa account', { ...none, ASA_API_KEY: 'asa_test_other' }), { code: 4 });
  await sh('asa logout', none);
  await assert.rejects(sh('asa account', none), { code: 2 });
});

test('Node 20 runs it', { skip: oldNode() === null && 'SKIPPED: there is no Node 20 on this machine' }, () => {
  const main = join(project.folder, 'node_modules', 'asa-cli', 'dist', 'esm', 'main.js');
  const out = execFileSync(oldNode() ?? '', [main, 'product', 'B0ASA00001', '--fields', 'asin'], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  assert.equal(out, '{"asin":"B0ASA00001"}\n');
});

test('who reads no further is no error', async () => {
  const many = Array.from({ length: 40 }, (_, i) => `B0ASA0${String(i).padStart(4, '0')}`);
  writeFileSync(join(home, 'many.txt'), many.join('\n'));
  assert.match(await sh('set +o pipefail; asa -q product - --jsonl --fields asin < many.txt | head -1'), /^\{"input"/);
});
