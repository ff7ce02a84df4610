import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { parseTiers } from '../src/config/parse.ts';
import { openTiersFile } from '../src/index.ts';

const EXAMPLE = join(import.meta.dirname, '../tiers.example.json');

const problemsOf = (file: unknown): readonly string[] => {
  const parsed = parseTiers(typeof file === 'string' ? file : JSON.stringify(file));
  return parsed.ok ? [] : parsed.problems;
};

async function fileOf(t: TestContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'asa-tiers-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'tiers.json');
  await writeFile(path, text);
  return path;
}

test('the example is a tiers file, and what it means', async (t) => {
  const opened = await openTiersFile(EXAMPLE);
  if (!opened.ok && opened.problems.every((problem) => problem.includes('impit'))) {
    t.skip('impit cannot be loaded here');
    return;
  }
  assert.ok(opened.ok, JSON.stringify(opened));
  const { tiers } = opened;
  t.after(() => Promise.all(tiers.map(({ transport }) => transport.close())));
  assert.deepEqual(
    tiers.map(({ name, exitCountries, cost, perExit, plans, hedge }) => [
      name,
      exitCountries,
      cost,
      perExit?.concurrency,
      perExit?.ratePerSecond,
      plans,
      hedge,
    ]),
    [
      ['direct', null, 1, null, 2, undefined, undefined],
      ['datacenter', ['DE', 'US'], 2, 10, 1, undefined, undefined],
      ['residential', ['DE', 'FR', 'GB', 'US'], 20, 200, null, ['vibe', 'pro', 'custom'], undefined],
      ['premium', 'any', 60, null, null, ['pro', 'custom'], true],
    ],
  );
  assert.deepEqual(
    tiers.flatMap(({ exits }) => exits?.map(({ id }) => id)),
    [
      'direct',
      'datacenter/192.0.2.10:3128',
      'datacenter/dc1.example.net:3128',
      'datacenter/dc2.example.net',
      'datacenter/dc3.example.net:1080',
      'residential/gateway.example.net:7777',
      'premium/premium.example.net:22225',
    ],
  );
  assert.deepEqual(
    tiers.map(({ sessionLimits }) => sessionLimits),
    [{}, {}, { maxAgeMs: 600_000 }, {}],
  );
  assert.deepEqual(
    tiers.map(({ transport }) => transport.fingerprints !== undefined),
    [false, false, true, true],
  );
});

test('the example of the document is that file', async () => {
  const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
  const [, block = ''] = /```json\n(.*?)```/s.exec(readme) ?? [];
  assert.deepEqual(JSON.parse(block), JSON.parse(await readFile(EXAMPLE, 'utf8')));
});

test('every problem is told at once, with its place', () => {
  const file = {
    tier: [],
    tiers: [
      { name: 'Direct', proxies: [], cost: 0 },
      { name: 'a', transport: 'curl', proxies: ['ftp://host'], concurrency_per_exit: 1.5, rate_per_exit: '2' },
      { name: 'b', country: 'de', plans: ['gold'], hedge: 'yes', prices: 1 },
      { proxies: [{ url: 'http://h:1', country: 'XX' }, { url: 'http://h:2', countries: [] }, { user: 'x' }, 7] },
    ],
  };
  assert.deepEqual(problemsOf(file).toSorted(), [
    'the file has unknown settings: tier; the file may have tiers',
    'tiers[0].cost must be more than 0',
    'tiers[0].name must be 1 to 32 of a-z, 0-9, _ and -, and begin with a letter',
    'tiers[0].proxies must not be empty; leave it out for a tier without a proxy',
    'tiers[1].concurrency_per_exit must be a whole number',
    'tiers[1].proxies[0].url must be an http, https or socks5 URL whose only placeholders are {country}, {COUNTRY} and {session}; percent-encode other characters of user and password',
    'tiers[1].rate_per_exit must be a number',
    'tiers[1].transport must be "undici" or "impit"',
    'tiers[2] has unknown settings: prices; a tier may have name, transport, proxies, country, concurrency_per_exit, rate_per_exit, session_uses, session_minutes, cost, plans, hedge',
    'tiers[2].country must be a country code of two capital letters (ISO 3166-1 alpha-2), for example DE',
    'tiers[2].hedge must be true or false',
    'tiers[2].plans[0] must be one of free, vibe, pro, custom',
    'tiers[3].name must be a text',
    'tiers[3].proxies[0].country must be a country code of two capital letters (ISO 3166-1 alpha-2), for example DE',
    'tiers[3].proxies[1].countries must not be empty',
    'tiers[3].proxies[1].countries needs {country} in the URL; where a proxy has one exit, use "country"',
    'tiers[3].proxies[2] has unknown settings: user; a proxy may have url, country, countries',
    'tiers[3].proxies[2].url must be the URL of a proxy',
    'tiers[3].proxies[3] must be an object',
  ]);
});

test('what does not fit together', () => {
  const tiers = [
    { name: 'a', cost: 5, plans: ['pro'], country: 'DE', proxies: ['http://h:1', 'http://h:1'] },
    { name: 'a', cost: 2, plans: ['free', 'vibe'] },
    {
      name: 'c',
      cost: 9,
      proxies: [
        { url: 'http://cc-{country}@h:1' },
        { url: 'http://u@h:1', countries: ['DE'] },
        { url: 'http://cc-{country}@h:2', country: 'DE', countries: 'any' },
      ],
    },
  ];
  assert.deepEqual(problemsOf({ tiers: tiers.slice(0, 1) }), [
    'tiers[0].country is for a tier without proxies; a proxy has its own "country"',
    'tiers[0].proxies[1].url is there twice',
    'tiers must have a tier for every plan; none is for free, vibe, custom',
  ]);
  assert.deepEqual(problemsOf({ tiers: tiers.slice(2) }), [
    'tiers[0].proxies[0].url has {country} in it, so "countries" must say which it can be',
    'tiers[0].proxies[1].countries needs {country} in the URL; where a proxy has one exit, use "country"',
    'tiers[0].proxies[2].country cannot stand beside "countries"',
  ]);
  assert.deepEqual(problemsOf({ tiers: [{ name: 'a', proxies: [{ url: 'http://h:1', countries: 'all' }] }] }), [
    'tiers[0].proxies[0].countries must be "any" or a list of country codes',
  ]);
  const plain = [
    { name: 'a', cost: 5, plans: ['pro'] },
    { name: 'a', cost: 2, plans: ['free', 'vibe'] },
  ];
  assert.deepEqual(problemsOf({ tiers: plain }), [
    'tiers[1].name is the name of another tier too',
    'tiers[1].cost is less than that of a tier before it; tiers go from the cheapest to the dearest',
    'tiers must have a tier for every plan; none is for custom',
  ]);
});

test('files that are no tiers file', async (t) => {
  assert.deepEqual(problemsOf([]), ['the file must be an object']);
  assert.deepEqual(problemsOf({}), ['tiers must be a list']);
  assert.deepEqual(problemsOf({ tiers: [] }), ['tiers must have at least one tier']);
  assert.deepEqual(await openTiersFile(join(import.meta.dirname, 'nowhere.json')), {
    ok: false,
    problems: ['the file cannot be read (ENOENT)'],
  });
  const marked = await openTiersFile(await fileOf(t, '\ufeff{"tiers": [{"name": "direct"}]}'));
  assert.ok(marked.ok);
  await marked.tiers[0].transport.close();
});

test('no problem repeats a credential', async () => {
  const secret = 'hunter2';
  const wrong = [
    `{"tiers": [{"proxies": ["http://u:${secret}@h`,
    `{"tiers": ${secret}}`,
    JSON.stringify({ tiers: [{ name: 'a', proxies: [`ftp://u:${secret}@h`, `http://u:${secret}@h:99999`] }] }),
    JSON.stringify({ tiers: [{ name: 'a', proxies: [`http://u:${secret}{x}@h:1`, { [secret]: 1, url: 1 }] }] }),
    JSON.stringify({ tiers: [{ name: 'a', proxies: [{ url: `http://u:${secret}@h:1`, countries: ['DE'] }] }] }),
  ];
  for (const text of wrong.slice(0, 3)) assert.doesNotMatch(problemsOf(text).join('\n'), new RegExp(secret), text);
  assert.ok(problemsOf(wrong[3]).length > 0);
  assert.doesNotMatch(problemsOf(wrong[4]).join('\n'), new RegExp(secret));
  for (const text of wrong) assert.ok(problemsOf(text).length > 0, text);
  const example = await readFile(EXAMPLE, 'utf8');
  assert.doesNotMatch(problemsOf(example.replace('"cost": 2', '"cost": 0')).join('\n'), /secret/);
});
