import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkColumns, run, toolOf } from '../../../tools/client-test.ts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox.ts';
import { devPython, oldestPython } from '../../../tools/toolchains.ts';

/** The Python client's own tests, checks and artefacts, run with the tools of its language. */

const cwd = join(import.meta.dirname, '..');
const scratch = await mkdtemp(join(tmpdir(), 'asa-python-'));
let started: Promise<Sandbox> | undefined;
const sandbox = (): Promise<Sandbox> => (started ??= startSandbox());
after(async () => {
  await (await started)?.stop();
  await rm(scratch, { recursive: true, force: true });
});
/** Leaves no compiled files in the checkout. */
const QUIET = { PYTHONDONTWRITEBYTECODE: '1' };
const at = (...path: string[]): string => join(scratch, ...path);

test('pytest: vectors, scenarios, and the examples of the README against the sandbox', async (t) => {
  const python = toolOf(t, devPython());
  if (python === null) return;
  const { url, key } = await sandbox();
  const env = { ASA_SCENARIO_RESULTS: at('results.jsonl'), ASA_BASE_URL: url, ASA_API_KEY: key, ...QUIET };
  assert.match(await run(python, ['-m', 'pytest'], { cwd, env }), /\d{3,} passed/);
  await checkColumns(['Python', 'Python async'], at('results.jsonl'));
});

test('mypy --strict and ruff find nothing', async (t) => {
  const python = toolOf(t, devPython());
  if (python === null) return;
  await run(python, ['-m', 'mypy', '--strict'], { cwd });
  await run(python, ['-m', 'ruff', 'check', '--no-cache', '.'], { cwd });
  await run(python, ['-m', 'ruff', 'format', '--no-cache', '--check', '.'], { cwd });
});

test('the oldest Python passes the vectors and the scenarios, too', async (t) => {
  const python = toolOf(t, oldestPython());
  if (python === null) return;
  assert.match(await run(python, ['-m', 'pytest'], { cwd, env: QUIET }), /\d{3,} passed/);
});

test('the wheel works in an empty environment, typed', async (t) => {
  const python = toolOf(t, devPython());
  if (python === null) return;
  // A copy, so that what building leaves behind does not come into the checkout.
  const filter = (path: string): boolean => !/\/(?:\.[^/]+|test|dist)$/.test(path);
  await cp(cwd, at('source'), { recursive: true, filter });
  await run(python, ['-m', 'build', '--wheel', '--no-isolation', '--outdir', at('dist'), at('source')], { cwd });
  const [wheel = ''] = await readdir(at('dist'));
  assert.match(wheel, /^amazon_scraper_api-\d+\.\d+\.\d+-py3-none-any\.whl$/);
  await run(python, ['-m', 'venv', '--without-pip', at('empty')], { cwd });
  const empty = at('empty', 'bin', 'python');
  const target = await run(empty, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], { cwd });
  // The dependencies are the pinned ones of the development environment; nothing is fetched.
  const own = await run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], { cwd });
  const installed = (await readdir(own.trim())).filter((name) => DEPENDENCIES.test(name));
  await Promise.all(
    installed.map((name) => cp(join(own.trim(), name), join(target.trim(), name), { recursive: true })),
  );
  const pip = ['-m', 'pip', '--python', empty];
  await run(python, [...pip, 'install', '-q', '--no-index', '--no-deps', at('dist', wheel)], { cwd });
  // What the wheel says that it needs is there, and nothing of it contradicts.
  assert.match(await run(python, [...pip, 'check'], { cwd }), /No broken requirements/);
  await writeFile(at('program.py'), PROGRAM);
  const { url, key } = await sandbox();
  const env = { ASA_BASE_URL: url, ASA_API_KEY: key };
  const printed = await run(empty, ['-I', at('program.py')], { cwd: scratch, env });
  assert.match(printed, /^B000000001 product_not_found$/m);
  const types = await run(python, ['-m', 'mypy', '--strict', '--python-executable', empty, at('program.py')], {
    cwd: scratch,
  });
  assert.match(types, /Success/);
});

/** What httpx brings, with the metadata that `pip check` reads. */
const DEPENDENCIES = /^(?:anyio|certifi|h11|httpcore|httpx|idna|typing_extensions)(?:$|\.py$|-)/;

const PROGRAM = `
import os

from asa import AmazonScraperAPI, NotFoundError

with AmazonScraperAPI(os.environ["ASA_API_KEY"], base_url=os.environ["ASA_BASE_URL"]) as client:
    product = client.product("B000000001")
    try:
        client.product("SANDBOX404")
    except NotFoundError as error:
        print(product["asin"], error.code)
`;
