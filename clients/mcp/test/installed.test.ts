import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { examplesOf, installPacked, oldNode, type Project } from '../../../tools/clients/project.ts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox.ts';
import { VERSION } from '../src/version.ts';

/** The packed server in an empty project, as the README says to use it. */
let project: Project;
let sandbox: Sandbox;
before(async () => {
  project = installPacked(['sdk-node', 'mcp']);
  sandbox = await startSandbox();
});
after(async () => {
  await sandbox?.stop();
  project?.remove();
});

test('the example of the README runs against the sandbox', async () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const [example = ''] = examplesOf(page, 'js');
  const env = { ASA_API_KEY: sandbox.key, ASA_BASE_URL: sandbox.url };
  const printed = await project.run('example.mjs', example, env);
  assert.match(printed, /^B0ASA00001 [\d.]+ EUR 0\ntrue product_not_found\n$/);
});

test('Node 20 runs it', { skip: oldNode() === null && 'SKIPPED: there is no Node 20 on this machine' }, () => {
  const folder = join(project.folder, 'node_modules', 'asa-mcp');
  const main = join(folder, 'dist', 'esm', 'main.js');
  assert.equal(execFileSync(oldNode() ?? '', [main, '--version'], { encoding: 'utf8' }).trim(), VERSION);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  assert.equal(manifest.version, VERSION);
});
