import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AmazonScraperAPI } from '../src/index.ts';
import { play } from './player.ts';
import { spec } from './vectors.ts';

interface Case {
  readonly name: string;
  readonly op: string;
  readonly args: Record<string, unknown>;
  readonly method: string;
  readonly path: string;
  readonly query: [string, string][];
  readonly base_path?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}
const { cases } = spec('vectors/params.json') as { cases: readonly Case[] };
const KEY = 'asa_test_ScenarioKey000000000000000000000';

for (const one of cases) {
  test(`request: ${one.name}`, async () => {
    const sent: { url: string; init: RequestInit }[] = [];
    const client = new AmazonScraperAPI(KEY, {
      baseUrl: `http://127.0.0.1:9${one.base_path ?? ''}`,
      maxAttempts: 1,
      fetch: async (url, init = {}) => {
        sent.push({ url: url as string, init });
        return new Response(one.op === 'batch_results' ? '{}\n' : '{}', {
          headers: { 'content-type': 'application/json' },
        });
      },
    });
    const played = await play(client, one.op, one.args);
    assert.equal(played.error, null);
    assert.equal(sent.length, 1);
    const [{ url, init } = { url: '', init: {} }] = sent;
    const at = new URL(url);
    const base = (one.base_path ?? '').replace(/\/$/, '');
    assert.equal(init.method, one.method);
    assert.equal(at.pathname, `${base}${one.path}`);
    assert.ok(url.startsWith(`http://127.0.0.1:9${base}${one.path}`), 'the path is on the wire as it is here');
    const text = (pairs: Iterable<[string, string]>): string[] =>
      [...pairs].map(([k, v]) => JSON.stringify([k, v])).toSorted();
    assert.deepEqual(text(at.searchParams), text(one.query));
    assert.equal(url.includes(KEY), false);
    const headers = init.headers as Record<string, string>;
    assert.equal(headers['authorization'], `Bearer ${KEY}`);
    assert.match(headers['user-agent'] ?? '', /^asa-node\/\d+\.\d+\.\d+/);
    const expected: Record<string, string> = { accept: 'application/json', ...one.headers };
    for (const [name, value] of Object.entries(expected))
      if (value === '*') assert.notEqual(headers[name] ?? '', '', name);
      else assert.equal(headers[name], value, name);
    assert.deepEqual(init.body === undefined ? undefined : JSON.parse(init.body as string), one.body);
  });
}
