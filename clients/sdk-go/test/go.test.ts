import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkColumns, run, toolOf } from '../../../tools/client-test.ts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox.ts';
import { goTool, staticcheckTool } from '../../../tools/toolchains.ts';

/** The Go client's own tests and checks, run with the tools of its language, and its README as programs of another module. */

const cwd = join(import.meta.dirname, '..');
const scratch = await mkdtemp(join(tmpdir(), 'asa-go-'));
let started: Promise<Sandbox> | undefined;
const sandbox = (): Promise<Sandbox> => (started ??= startSandbox());
after(async () => {
  await (await started)?.stop();
  await rm(scratch, { recursive: true, force: true });
});
const at = (...path: string[]): string => join(scratch, ...path);

test('go test: vectors, scenarios, and the examples against the sandbox', async (t) => {
  const go = toolOf(t, goTool());
  if (go === null) return;
  const { url, key } = await sandbox();
  const env = { ASA_SCENARIO_RESULTS: at('results.jsonl'), ASA_BASE_URL: url, ASA_API_KEY: key };
  const printed = await run(go, ['test', '-count=1', '-v', './...'], { cwd, env });
  assert.match(printed, /^--- PASS: ExampleClient_Product /m);
  assert.doesNotMatch(printed, /--- SKIP/);
  await checkColumns(['Go'], at('results.jsonl'));
});

test('gofmt, go vet and staticcheck find nothing', async (t) => {
  const go = toolOf(t, goTool());
  const staticcheck = toolOf(t, staticcheckTool());
  if (go === null || staticcheck === null) return;
  const { GOROOT = '' } = JSON.parse(await run(go, ['env', '-json', 'GOROOT'], { cwd })) as { GOROOT?: string };
  assert.equal(await run(join(GOROOT, 'bin', 'gofmt'), ['-l', '.'], { cwd }), '');
  await run(go, ['vet', './...'], { cwd });
  await run(staticcheck, ['./...'], { cwd });
});

test('every program of the README works in an empty module, and the module needs nothing else', async (t) => {
  const go = toolOf(t, goTool());
  if (go === null) return;
  const programs = [...(await readFile(join(cwd, 'README.md'), 'utf8')).matchAll(/```go\n(.*?)```/gs)];
  assert.equal(programs.length, EXPECTED.length);
  await run(go, ['mod', 'init', 'empty.example/app'], { cwd: scratch });
  await run(go, ['mod', 'edit', '-require=asa.example/asa@v0.0.0', `-replace=asa.example/asa=${cwd}`], {
    cwd: scratch,
  });
  for (const [index, [, program = '']] of programs.entries()) {
    await mkdir(at(`program${index}`));
    await writeFile(at(`program${index}`, 'main.go'), program);
  }
  const env = { GOFLAGS: '-mod=mod', GOPROXY: 'off' };
  await mkdir(at('bin'));
  await run(go, ['build', '-o', at('bin'), './...'], { cwd: scratch, env });
  assert.equal((await run(go, ['list', '-m', 'all'], { cwd: scratch, env })).trim().split('\n').length, 2);
  const { url, key } = await sandbox();
  for (const [index, lines] of EXPECTED.entries()) {
    const printed = await run(at('bin', `program${index}`), [], {
      cwd: scratch,
      env: { ASA_BASE_URL: url, ASA_API_KEY: key },
    });
    for (const line of lines) assert.match(printed, line);
  }
});

/** What each program prints, in the order of the page. */
const EXPECTED: readonly (readonly RegExp[])[] = [
  [/ \d+(\.\d+)? GBP$/m, /^cost 0 req_[0-9a-f]{12}$/m, /^page 2 \d+$/m, /^blocked_by_amazon 422 1m0s 1$/m],
  [/^plan pro$/m],
  [/^2 of 2$/m, /^batch complete$/m, /^item 0 ok B000000001$/m, /^item 1 ok B000000002$/m],
  [/^forged: 400$/m],
];
