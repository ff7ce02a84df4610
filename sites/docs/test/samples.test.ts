import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ERROR_CODES } from '@asa/contract';
import { startServer, type TestServer } from '../../../packages/gateway/test/harness.ts';
import { goTool } from '../../../tools/toolchains.ts';
import { place, program, RUNNERS, type Ran } from './run-sample.ts';
import { nameOf, samplesOfPages, type Sample } from './samples.ts';

/**
 * Every code sample of every page is run against a real server with the sandbox's key. Convention: `bash`, `js`, `python` and `go` are run;
 * `sh` is a command for an operator that no test can run; `json` must be JSON; what is left is configuration of other programs.
 */

/** The pages of the clients are their READMEs, whose programs the clients' own tests run. */
const samples = samplesOfPages().filter(({ page }) => !page.startsWith('clients/'));
/** A first build compiles the standard library, too. */
const BUILD_MS = 300_000;
const NOT_RUN = ['sh', 'json', 'ini', 'nginx', 'yaml', 'text'];
const root = join(import.meta.dirname, '..', '..', '..');
let server: TestServer;
let folder: string;

before(async () => {
  // Samples run beside each other: two readers, as on a machine of two cores.
  server = await startServer({ ASA_EXTRACT_THREADS: '2' });
  // Inside the project, so that the samples find the Node client as its users do.
  folder = mkdtempSync(join(root, 'node_modules', '.asa-samples-'));
  // The command as an installation would put it on the path.
  const command = join(root, 'clients', 'cli', 'src', 'main.ts');
  writeFileSync(join(folder, 'asa'), `#!/bin/sh\nexec '${process.execPath}' '${command}' "$@"\n`, { mode: 0o755 });
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const environment = (): NodeJS.ProcessEnv => ({
  PATH: `${folder}:${process.env['PATH'] ?? ''}`,
  // The compiler's cache is the one of this machine: the standard library is built once.
  HOME: process.env['HOME'],
  PYTHONPATH: join(root, 'clients', 'sdk-python', 'src'),
  ASA_API_KEY: server.testKey,
  ASA_BASE_URL: server.url,
  ASA_ADMIN_TOKEN: server.running.services.adminToken,
  GOFLAGS: '-mod=mod',
  GOPROXY: 'off',
});

/** A sample that shows an error is right when it shows that error; any other must end well and say something that is none. */
function judge(sample: Sample, { code, output }: Ran): void {
  const name = nameOf(sample);
  const meantToFail = /SANDBOX(?!FLK|SLO)|produkt|render_js|query=B0&|curl -s "[^"]*\/api\/v1\/account"$|revoked/m.test(
    sample.text,
  );
  assert.equal(code, 0, `${name} ended with ${code}:\n${output}`);
  assert.ok(output.trim().length > 0, `${name} printed nothing`);
  if (!meantToFail)
    for (const error of ERROR_CODES)
      assert.ok(!output.includes(`"error":"${error}","message"`), `${name}: ${output.slice(0, 500)}`);
}

test('every block of code says what it is, and there are samples in each language', () => {
  const odd = samples.filter(({ language }) => ![...Object.keys(RUNNERS), 'go', ...NOT_RUN].includes(language));
  assert.deepEqual(odd.map(nameOf), []);
  for (const language of [...Object.keys(RUNNERS), 'go'])
    assert.ok(
      samples.some((sample) => sample.language === language),
      language,
    );
});

for (const [language, runner] of Object.entries(RUNNERS)) {
  describe(`samples in ${language}`, { concurrency: 2 }, () => {
    for (const sample of samples.filter((one) => one.language === language)) {
      test(nameOf(sample), async (t) => {
        const [probe, ...args] = runner.probe;
        if ((await program(probe, args, { cwd: folder, env: environment() })).code !== 0)
          return t.skip(`SKIPPED, LOUDLY: there is no ${probe} here`);
        const path = place(sample, folder, runner.file, server.url);
        const [command, ...rest] = runner.command(path);
        judge(sample, await program(command, rest, { cwd: dirname(path), env: environment() }));
      });
    }
  });
}

test('samples in go: all are built at once, then each is run', async (t) => {
  const env = environment();
  const go = goTool();
  if (!('path' in go)) return t.skip(`SKIPPED, LOUDLY: ${go.missing}`);
  const all = samples.filter(({ language }) => language === 'go');
  const module = mkdtempSync(join(folder, 'go-'));
  writeFileSync(
    join(module, 'go.mod'),
    `module samples\n\ngo 1.23\n\nrequire asa.example/asa v0.0.0\nreplace asa.example/asa => ${join(root, 'clients', 'sdk-go')}\n`,
  );
  const placed = all.map((sample) => ({ sample, path: place(sample, module, 'main.go', server.url) }));
  const bin = join(module, 'bin');
  const built = await program(go.path, ['build', '-o', `${bin}/`, './...'], { cwd: module, env, timeoutMs: BUILD_MS });
  assert.equal(built.code, 0, built.output);
  for (const { sample, path } of placed) {
    const name = dirname(path).split('/').at(-1) ?? '';
    judge(sample, await program(join(bin, name), [], { cwd: module, env }));
  }
});

test('samples in json are JSON, and an error body among them has the four strings', () => {
  for (const sample of samples.filter(({ language }) => language === 'json')) {
    const value = JSON.parse(sample.text) as Record<string, unknown>;
    if ('error' in value)
      assert.deepEqual(Object.keys(value), ['error', 'message', 'docs_url', 'request_id'], nameOf(sample));
  }
});

test('commands for operators name scripts and files that exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const sample of samples.filter(({ language }) => language === 'sh' || language === 'ini')) {
    for (const [, script = ''] of sample.text.matchAll(/npm run (?:-s )?([\w:-]+)/g))
      assert.ok(script in scripts, `${nameOf(sample)}: npm run ${script}`);
    if (sample.text.includes('docker compose')) assert.ok(existsSync(join(root, 'compose.yaml')), nameOf(sample));
  }
});

test('the judge bites: a sample that fails, says nothing, or shows an error it does not mean is refused', () => {
  const sample: Sample = { page: 'x', number: 1, language: 'bash', label: null, text: 'curl -s http://x' };
  assert.throws(() => judge(sample, { code: 1, output: 'x' }));
  assert.throws(() => judge(sample, { code: 0, output: ' ' }));
  assert.throws(() => judge(sample, { code: 0, output: '{"error":"not_found","message":"x"}' }));
});
