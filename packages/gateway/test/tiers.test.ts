import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { temporaryDataFolder } from '@asa/store/testing';
import { eventually, startPages } from './harness.ts';
import { playMarketplace } from './pages.ts';
import { startProgram, type Program } from './process.ts';

/** The tiers file of the whole program: read at the start, read again on SIGHUP, and what happens when it is wrong. */

let dataDir: string;
let remove: () => Promise<void>;
let folder: string;
let file: string;
let pages: Awaited<ReturnType<typeof startPages>>;
let program: Program | null = null;

before(async () => {
  ({ dataDir, remove } = temporaryDataFolder({ name: 'tiers' }));
  folder = await mkdtemp(join(tmpdir(), 'asa-tiers-'));
  file = join(folder, 'tiers.json');
  pages = await startPages(playMarketplace);
});
after(async () => {
  await program?.stop('SIGKILL');
  await pages.close();
  await remove();
  await rm(folder, { recursive: true });
});

const env = (): Record<string, string> => ({ ASA_EGRESS_FILE: file, ASA_ORIGIN_URL: pages.template });
const write = (...tiers: object[]): Promise<void> => writeFile(file, JSON.stringify({ tiers }));

test('a wrong file ends the start, with every problem and no credential', async () => {
  await write({ name: 'A', proxies: ['ftp://user:hunter2@h:1'] }, { name: 'b', cost: 0 });
  await assert.rejects(startProgram(dataDir, env()), (error: Error) => {
    assert.match(error.message, /Setting ASA_EGRESS_FILE="[^"]+" tiers\[0\]\.name must/);
    assert.match(error.message, /tiers\[0\]\.proxies\[0\]\.url must/);
    assert.match(error.message, /tiers\[1\]\.cost must/);
    assert.doesNotMatch(error.message, /hunter2/);
    return true;
  });
});

test('SIGHUP reads it again; a wrong one changes nothing and says so in one line', async () => {
  await write({ name: 'first' });
  // A proxy of the environment is no tier.
  program = await startProgram(dataDir, {
    ...env(),
    HTTP_PROXY: 'http://127.0.0.1:9',
    http_proxy: 'http://127.0.0.1:9',
  });
  const { url, output, child } = program;
  const { live } = await program.keys();
  const headers = { authorization: `Bearer ${live}` };
  const tierUsed = async (): Promise<unknown> => {
    const response = await fetch(`${url}/api/v1/amazon/product?query=B000000001`, { headers });
    assert.equal(response.status, 200);
    const { request_id } = (await response.json()) as { request_id: string };
    const trace = await (await fetch(`${url}/api/v1/requests/${request_id}`, { headers })).json();
    return (trace as { attempts: { tier: string }[] }).attempts[0]?.tier;
  };
  assert.equal(await tierUsed(), 'first');
  // One that is in flight goes on.
  const hanging = fetch(`${url}/api/v1/amazon/product?query=HANGSFORVR`, { headers });
  hanging.catch(() => {});
  await write({ name: 'second' }, { name: 'third', cost: 3 });
  child.kill('SIGHUP');
  await eventually('the new tiers', () => output().includes('"second"'));
  assert.equal(await tierUsed(), 'second');
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, /^asa_sessions\{tier="second",marketplace="com",state="idle"\} 1$/m);
  assert.match(metrics, /^asa_sessions_dropped_total\{reason="exit"\} \d+$/m);
  assert.match(metrics, /^asa_exits_cooling 0$/m);
  assert.match(metrics, /^asa_tier_bad_share\{tier="second",marketplace="com"\} 0$/m);
  assert.match(metrics, /^asa_tier_skipped\{tier="second",marketplace="com"\} 0$/m);
  assert.match(metrics, /^asa_upstream\{state="running"\} \d+$/m);
  assert.match(metrics, /^asa_hedges_total\{result="won"\} 0$/m);
  assert.match(metrics, /^asa_requests_shared_total 0$/m);
  await write({ name: 'Fourth', proxies: ['http://user:hunter2@'] });
  child.kill('SIGHUP');
  await eventually('the problems', () => output().includes('tiers stay as they were'));
  const told = output()
    .split('\n')
    .filter((line) => line.includes('tiers[0].'));
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /tiers\[0\]\.name.*tiers\[0\]\.proxies\[0\]\.url/);
  assert.doesNotMatch(output(), /hunter2/);
  assert.equal(await tierUsed(), 'second');
});
