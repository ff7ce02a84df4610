import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, test } from 'node:test';
import { CODES, FAMILIES, type Trace } from 'asa-client';
import { material } from '../../../tools/scenarios/server.ts';
import { spec } from '../../sdk-node/test/vectors.ts';
import { readConfig, writeConfig } from '../src/config.ts';
import { readItems } from '../src/input.ts';
import { pool } from '../src/pool.ts';
import { identity, openOutput } from '../src/records.ts';
import { waterfall } from '../src/waterfall.ts';
import { printable } from '../src/world.ts';
import { VERSION } from '../src/version.ts';
import { asa } from './cli.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'asa-cli-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));
const ESCAPE = String.fromCodePoint(27);

test('errors explains every code without a server, in words and as JSON', async () => {
  for (const [code, row] of Object.entries(CODES)) {
    const { code: exit, out } = await asa(['errors', code]);
    assert.equal(exit, 0);
    const told = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual(
      [told['status'], told['what_to_do'], told['exit_code']],
      [row.status, row.remedy, FAMILIES[row.family].exitCode],
    );
  }
  assert.match((await asa(['errors', 'capacity', '--table'])).out, /503/);
  assert.equal((JSON.parse((await asa(['errors'])).out) as unknown[]).length > 17, true);
  const unknown = await asa(['errors', 'toString']);
  assert.deepEqual([unknown.code, unknown.out], [2, '']);
});

test('wrong usage ends with 2, says what is wrong on stderr, and sends nothing', async () => {
  const env = { ASA_API_KEY: 'asa_test_x', ASA_BASE_URL: 'http://127.0.0.1:9' };
  for (const argv of [
    ['nonsense'],
    ['product'],
    ['product', 'B0ASA00001', '--fields', 'nonsense'],
    ['product', 'B0ASA00001', '--json', '--table'],
    ['search', 'usb', '--pages', '11'],
    ['search', 'usb', '--pages', '1e1'],
    ['product', '-', '--resume'],
    ['product', 'B0ASA00001', '--timeout', '0'],
    ['batch', 'create', '-'],
    ['batch', 'create', join(folder, 'nothing.txt')],
    ['product', 'B0ASA00001', '-o', join(folder, 'nothing', 'out.jsonl')],
    ['batch', 'status', '..'],
    ['webhook', 'verify', '-'],
    ['webhook', 'verify', '-', '-s', 'nonsense'],
    ['completion', 'tcsh'],
  ]) {
    const { code, out, err } = await asa(argv, { env });
    assert.equal(code, 2, `${argv.join(' ')}: ${err}`);
    assert.equal(out, '');
    assert.match(err, /error:/);
  }
  const noKey = await asa(['account']);
  assert.equal(noKey.code, 2);
  assert.match(noKey.err, /asa login/);
});

test('every field of an answer may be asked for', async () => {
  const env = { ASA_API_KEY: 'asa_test_x', ASA_BASE_URL: 'http://127.0.0.1:9' };
  const { samples } = material();
  for (const command of ['product', 'search']) {
    const fields = Object.keys(samples[command] ?? assert.fail(command)).join(',');
    assert.equal((await asa([command, '-', '--jsonl', '--fields', fields], { env })).code, 0, command);
  }
});

test('the user ends a request that nobody answers, whatever the command', async (t) => {
  let stop = new AbortController();
  const server = createServer(() => stop.abort());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const env = { ASA_API_KEY: 'asa_test_x', ASA_ADMIN_TOKEN: 'x', ASA_BASE_URL: `http://127.0.0.1:${port}` };
  for (const argv of ['account', 'requests', 'bill list', 'batch list', 'admin requests', 'admin keys revoke key_1']) {
    stop = new AbortController();
    const { code } = await asa(argv.split(' '), { env, signal: stop.signal });
    assert.equal(code, 130, argv);
  }
});

test('help and version are results, and every command that asks for something has examples', async () => {
  assert.deepEqual(await asa(['--version']), { code: 0, out: `${VERSION}\n`, err: '' });
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  assert.equal(manifest.version, VERSION);
  for (const command of [
    [],
    ['product'],
    ['search'],
    ['batch', 'create'],
    ['batch', 'results'],
    ['login'],
    ['trace'],
    ['errors'],
    ['webhook', 'verify'],
    ['listen'],
    ['admin'],
    ['completion'],
  ]) {
    const { code, out } = await asa([...command, '--help']);
    assert.equal(code, 0);
    assert.match(out, /Examples:\n {2}\$ /, command.join(' '));
  }
});

test('colours are for terminals, and NO_COLOR is obeyed', async () => {
  assert.ok((await asa(['errors'], { terminal: true })).out.includes(ESCAPE));
  assert.ok(!(await asa(['errors', '--table'])).out.includes(ESCAPE));
  assert.ok(!(await asa(['errors'], { terminal: true, env: { NO_COLOR: '1' } })).out.includes(ESCAPE));
});

test('a page cannot steer the terminal', () => {
  assert.equal(printable(`a${ESCAPE}[31mred\r\nb\u202ec`), 'a [31mred b c');
});

test('the table of exit codes in the README is the one of the client', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  for (const [family, { exitCode, about }] of Object.entries(FAMILIES))
    assert.ok(page.includes(`| ${exitCode} | \`${family}\`: ${about} |`), family);
});

test('a key is kept so that only its owner can read it', async () => {
  const path = join(folder, 'deep', 'asa', 'config.json');
  assert.deepEqual(await readConfig(path), {});
  await writeConfig(path, { api_key: 'asa_test_x' });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  chmodSync(path, 0o644);
  await writeConfig(path, { api_key: 'asa_test_y', base_url: 'http://b' });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(await readConfig(path), { api_key: 'asa_test_y', base_url: 'http://b' });
  writeFileSync(path, '{');
  await assert.rejects(readConfig(path), /asa login/);
});

test('an output is completed: a cut line goes, what is done stays out, what may succeed later is asked for again', async () => {
  const path = join(folder, 'out.jsonl');
  const line = (query: string, over: object): string =>
    `${JSON.stringify({ input: { domain: 'de', query }, status: 'ok', data: {}, error: null, ...over })}\n`;
  const whole = [
    line('A', {}),
    line('B', { status: 'error', error: { code: 'capacity', retryable: true } }),
    line('C', { status: 'error', error: { code: 'not_found', retryable: false } }),
    'what is not ours stays\n',
  ].join('');
  writeFileSync(path, `${whole}${line('D', {}).slice(0, 30)}`);
  const output = await openOutput(path, true);
  const done = (query: string): boolean => output.done.has(identity({ query, domain: 'de' }));
  assert.deepEqual(['A', 'B', 'C', 'D'].map(done), [true, false, true, false]);
  await Promise.all([output.write('x'.repeat(100_000)), output.write('y')]);
  await output.close();
  assert.equal(readFileSync(path, 'utf8'), `${whole}${'x'.repeat(100_000)}\ny\n`);
  writeFileSync(path, 'z'.repeat(200_000));
  await (await openOutput(path, true)).close();
  assert.equal(readFileSync(path, 'utf8'), '');
});

test('a pool takes no more at a time than it may, and the first failure ends it', async () => {
  let running = 0;
  let most = 0;
  let done = 0;
  async function* numbers(count: number): AsyncGenerator<number> {
    for (let n = 0; n < count; n += 1) yield n;
  }
  await pool(numbers(50), 7, async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    done += 1;
  });
  assert.deepEqual([most, done], [7, 50]);
  let begun = 0;
  const fail = async (n: number): Promise<void> => {
    begun += 1;
    if (n === 3) throw new Error('three');
  };
  await assert.rejects(pool(numbers(1000), 2, fail), /three/);
  assert.ok(begun < 20, `${begun} were begun`);
  // Whoever writes the items may never write another one.
  async function* oneOnly(): AsyncGenerator<number> {
    yield 3;
    await new Promise(() => undefined);
  }
  await assert.rejects(pool(oneOnly(), 2, fail), /three/);
});

test('webhook verify answers every vector, and its exit code says so', async () => {
  const { cases } = spec('vectors/webhooks.json') as {
    cases: {
      name: string;
      kind: string;
      secret: string;
      body: string;
      headers: Record<string, string>;
      now: number;
      expected: string;
    }[];
  };
  for (const { name, kind, secret, body, headers, now, expected } of cases) {
    const flags = Object.entries(headers).flatMap(([key, value]) => ['-H', `${key}: ${value}`]);
    const argv = ['webhook', 'verify', '-', '--kind', kind, ...flags];
    const ran = await asa(argv, { stdin: body, now: () => now * 1000, env: { ASA_WEBHOOK_SECRET: secret } });
    assert.deepEqual([ran.out, ran.code], [`${expected}\n`, expected === 'valid' ? 0 : 1], name);
  }
});

test('listen verifies and prints what comes, and tells the sender what it thinks of it', async () => {
  const { cases } = spec('vectors/webhooks.json') as {
    cases: {
      kind: string;
      secret: string;
      body: string;
      headers: Record<string, string>;
      now: number;
      expected: string;
    }[];
  };
  const good = cases.find(
    ({ kind, expected, body }) => kind === 'standard' && expected === 'valid' && body.startsWith('{'),
  );
  assert.ok(good);
  const told = Promise.withResolvers<string>();
  const ran = asa(['listen', '--port', '0', '--json', '--count', '2', '--secret', good.secret], {
    now: () => good.now * 1000,
    onErr: (text) => told.resolve(/http:\S+/.exec(text)?.[0] ?? ''),
  });
  const url = await told.promise;
  const post = async (body: string): Promise<number> =>
    (await fetch(url, { method: 'POST', headers: good.headers, body })).status;
  assert.deepEqual([(await fetch(url)).status, await post(good.body), await post(`${good.body} `)], [405, 204, 400]);
  const { code, out } = await ran;
  assert.equal(code, 0);
  const events = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { verdict: string; body: unknown });
  assert.deepEqual(
    events.map(({ verdict }) => verdict),
    ['valid', 'no_match'],
  );
  assert.deepEqual(events[0]?.body, JSON.parse(good.body));
});

test('a trace is a waterfall: bars where the times say', () => {
  const trace = material().samples['trace'] as unknown as Trace;
  const at = (ms: number): string => new Date(Date.parse(trace.received_at) + ms).toISOString();
  const one = trace.attempts[0];
  assert.ok(one);
  const lines = waterfall(
    {
      ...trace,
      duration_ms: 100,
      stages: [
        { name: 'limit', ms: 10 },
        { name: 'fetch', ms: 80 },
        { name: 'extract', ms: 10 },
      ],
      attempts: [
        { ...one, n: 1, started_at: at(10), duration_ms: 30, verdict: 'captcha', status: 503 },
        { ...one, n: 2, started_at: at(50), duration_ms: 40, verdict: 'product', status: 200 },
      ],
    },
    (_, text) => text,
  );
  const bars = lines.filter((line) => line.includes('|')).map((line) => line.split('|')[1] ?? '');
  assert.deepEqual(
    bars.map((bar) => [bar.indexOf('█'), bar.lastIndexOf('█') + 1, bar.length]),
    [
      [0, 4, 40],
      [4, 36, 40],
      [4, 16, 40],
      [20, 36, 40],
      [36, 40, 40],
    ],
  );
  assert.match(lines.join('\n'), /attempt 1 .*captcha.*HTTP 503/);
});

test('completions know the commands and their options', async () => {
  const { out } = await asa(['completion', 'bash']);
  const complete = (...wordsSoFar: string[]): string[] => {
    const script = `${out}\nCOMP_WORDS=(asa ${wordsSoFar.map((word) => `"${word}"`).join(' ')})\nCOMP_CWORD=${wordsSoFar.length}\n_asa\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: folder }).trim().split('\n');
  };
  assert.deepEqual(complete('pro'), ['product']);
  assert.deepEqual(complete('batch', 'c'), ['create', 'cancel']);
  assert.deepEqual(complete('admin', 'workspaces', ''), ['list', 'show', 'create', 'update', '--help']);
  assert.deepEqual(complete('product', 'B0ASA00001', '--dom'), ['--domain']);
  assert.deepEqual(complete('search', 'usb', '--so'), ['--sort']);
  for (const shell of ['zsh', 'fish']) assert.match((await asa(['completion', shell])).out, /product/);
});

test('a reading of items that waits for another one is stopped, too', async () => {
  const stop = new AbortController();
  const endless = new PassThrough();
  endless.write('# nothing yet\n');
  const items = readItems(endless, 'stdin', stop.signal);
  const next = items.next();
  stop.abort(new Error('enough'));
  await assert.rejects(next, /enough/);
});

const FISH = 'fish';
const missing = (shell: string): string | false =>
  spawnSync(shell, ['--version']).error !== undefined && `SKIPPED: there is no ${shell} on this machine`;

test('fish completes what belongs to the place, and nothing else', { skip: missing(FISH) }, async () => {
  const file = join(folder, 'asa.fish');
  writeFileSync(file, (await asa(['completion', 'fish'])).out);
  const complete = (line: string): string[] =>
    execFileSync(FISH, ['--no-config', '-c', `source ${file}; complete -C ${JSON.stringify(line)}`], {
      encoding: 'utf8',
    })
      .trim()
      .split('\n');
  assert.deepEqual(complete('asa batch c').toSorted(), ['cancel', 'create']);
  assert.deepEqual(complete('asa estimate ').toSorted(), ['batch', 'product', 'search']);
  assert.deepEqual(complete('asa estimate batch --end'), ['--endpoint']);
  assert.deepEqual(complete('asa product B0ASA00001 --dom'), ['--domain']);
  assert.deepEqual(
    complete('asa bill verify l').filter((word) => word === 'list'),
    [],
  );
});

test('zsh loads its completion without a configuration', { skip: missing('zsh') }, async () => {
  const file = join(folder, 'asa.zsh');
  writeFileSync(file, (await asa(['completion', 'zsh'])).out);
  // As zsh calls it: its arrays count from 0 there.
  const call =
    'go() { emulate -L sh; COMP_WORDS=(asa batch c); COMP_CWORD=2; _asa; printf "%s\\n" "${COMPREPLY[@]}"; }; go';
  const script = `source ${file}; ${call}`;
  const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', script], {
    encoding: 'utf8',
    env: { ...process.env, HOME: folder },
  });
  // Its compgen leaves the choosing by the first letters to zsh itself.
  const offered = stdout.trim().split('\n');
  assert.ok(offered.includes('create') && offered.includes('redeliver'), stdout);
  assert.ok(!offered.includes('product'), stdout);
  assert.equal(stderr, '');
});
