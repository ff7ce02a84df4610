import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask } from './support.ts';

const CLI = join(import.meta.dirname, '../src/cli.ts');

function run(args: readonly string[]) {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.err += chunk.toString()));
  return { child, output, closed: once(child, 'close') as Promise<[number | null]> };
}

test('bad flags: one line that says what, one with the usage, status 2', async () => {
  const cases = [
    [['--port', 'http'], '--port must be a number from 0 to 65535, not "http"'],
    [['--prot', '1'], "Unknown option '--prot'"],
    [
      ['--port', '0', '--replay', '/no/such/folder'],
      'The origin cannot start: /no/such/folder/index.jsonl does not exist',
    ],
  ] as const;
  await Promise.all(
    cases.map(async ([args, problem]) => {
      const { output, closed } = run(args);
      const [status] = await closed;
      assert.equal(status, 2, args.join(' '));
      const [first = '', second = '', ...rest] = output.err.trim().split('\n');
      assert.ok(first.startsWith(problem), first);
      assert.match(second, /^usage: npm run origin/);
      assert.deepEqual(rest, []);
    }),
  );
});

test('it says where it listens and stops on SIGTERM and SIGINT', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { child, output, closed } = run(['--port', '0']);
    for await (const _ of child.stdout) if (output.out.includes('ASA_ORIGIN_URL=')) break;
    const url = /listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(output.out)?.[1] ?? assert.fail(output.out);
    assert.equal((await ask(`${url}/co.uk/dp/B000000000`)).status, 200);
    child.kill(signal);
    assert.deepEqual(await closed, [0, null]);
  }
});
