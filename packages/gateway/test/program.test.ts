import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { temporaryDataFolder } from '@asa/store/testing';
import { eventually, startPages } from './harness.ts';
import { playMarketplace, productPage } from './pages.ts';
import { startProgram, type Program } from './process.ts';

/** The whole program as a process: first start, second server, kill -9, SIGTERM. */

let dataDir: string;
let remove: () => Promise<void>;
const started: Program[] = [];

before(async () => {
  ({ dataDir, remove } = temporaryDataFolder({ name: 'program' }));
});
after(async () => {
  for (const program of started) await program.stop('SIGKILL');
  await remove();
});

async function run(env: Record<string, string> = {}): Promise<Program> {
  const program = await startProgram(dataDir, env);
  started.push(program);
  return program;
}
const ask = (program: Program, path: string, key: string): Promise<Response> =>
  fetch(`${program.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
interface Credits {
  readonly total: number;
  readonly held: number;
}
const credits = async (program: Program, key: string): Promise<Credits> =>
  ((await (await ask(program, '/api/v1/account', key)).json()) as { credits: Credits }).credits;

test('a first start without a terminal writes the keys to a private file, says where, and serves', async () => {
  const program = await run();
  const file = join(dataDir, 'first-keys.json');
  await eventually('it says where the keys are', () => program.output().includes('first-keys.json'));
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal((await stat(join(dataDir, 'admin-token'))).mode & 0o777, 0o600);
  const { live, test: testKey } = await program.keys();
  assert.ok(!program.output().includes(live) && !program.output().includes(testKey), 'keys never reach the log');
  const { try: command } = JSON.parse(await readFile(file, 'utf8')) as { try: string };
  const [, header = '', url = ''] = /-H "Authorization: ([^"]+)" "([^"]+)"/.exec(command) ?? [];
  const response = await fetch(url.replace('localhost', '127.0.0.1'), { headers: { authorization: header } });
  assert.equal(response.status, 200);
  assert.ok(((await response.json()) as { title: string }).title.length > 0);

  await assert.rejects(run(), /already|in use|another/i, 'a second server on the same folder says so and ends');
  assert.equal((await ask(program, '/api/v1/account', live)).status, 200, 'the first one is not disturbed');
  assert.equal(await program.stop('SIGTERM'), 0);
});

test('kill -9 in the middle of requests: the next start recovers, and what was held is free again', async () => {
  const pages = await startPages(playMarketplace);
  try {
    const program = await run({ ASA_ORIGIN_URL: pages.template });
    const { live } = await program.keys();
    const start = await credits(program, live);
    const hanging = [1, 2, 3].map(() =>
      ask(program, '/api/v1/amazon/product?query=HANGSFORVR', live).catch(() => null),
    );
    await eventually('three holds', async () => (await credits(program, live)).held === 15);
    await program.stop('SIGKILL');
    await Promise.all(hanging);

    const next = await run({ ASA_ORIGIN_URL: pages.template });
    assert.deepEqual(await credits(next, live), start);
    assert.equal(await next.stop('SIGTERM'), 0);
  } finally {
    await pages.close();
  }
});

test('SIGTERM: what is in flight finishes and is billed, what comes later is refused, the exit is clean', async () => {
  let answer: (() => void) | null = null;
  const pages = await startPages((_request, response) => {
    answer = () => response.writeHead(200, { 'content-type': 'text/html' }).end(productPage('B000000001'));
  });
  try {
    const program = await run({ ASA_ORIGIN_URL: pages.template });
    const { live } = await program.keys();
    const balanceBefore = (await credits(program, live)).total;
    const inFlight = ask(program, '/api/v1/amazon/product?query=B000000001', live);
    await eventually('the page is asked for', () => answer !== null);
    program.child.kill('SIGTERM');
    await eventually('it refuses connections', async () =>
      fetch(`${program.url}/healthz`).then(
        () => false,
        () => true,
      ),
    );
    (answer as (() => void) | null)?.();
    const response = await inFlight;
    assert.equal(response.status, 200);
    await response.json();
    if (program.child.exitCode === null) await once(program.child, 'exit');
    assert.equal(program.child.exitCode, 0);

    const next = await run();
    assert.equal((await credits(next, live)).total, balanceBefore - 5);
    assert.equal(await next.stop('SIGINT'), 0);
  } finally {
    await pages.close();
  }
});

test('wrong settings end the start with one line each', async () => {
  await assert.rejects(
    run({ ASA_PORT: 'http', ASA_LOG_LEVEL: 'loud' }),
    /ended with 1: Setting ASA_PORT="http" .*\nSetting ASA_LOG_LEVEL="loud" .*\n$/,
  );
});
