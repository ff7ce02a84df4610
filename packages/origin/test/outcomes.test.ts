import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { SANDBOX, SANDBOX_LIMITS } from '@asa/contract';
import { describeProduct, renderProduct, TEST_ASINS, type Origin } from '../src/index.ts';
import { BOMB_BYTES } from '../src/serve/bomb.ts';
import { ask, has, lacks, originFor, until } from './support.ts';

const product = (asin: string): string => renderProduct(describeProduct('fr', 'fr_FR', asin));
const get = (origin: Origin, asin: string, headers: Record<string, string> = {}) =>
  ask(`${origin.url}/fr/dp/${asin}`, { headers });
const text = async (origin: Origin, asin: string, headers: Record<string, string> = {}): Promise<string> =>
  (await get(origin, asin, headers)).body.toString();

test('every ASIN of the tables is one, and no two tables share one', () => {
  const asins = [...Object.keys(SANDBOX), ...Object.keys(TEST_ASINS)];
  for (const asin of asins) assert.match(asin, /^[A-Z0-9]{10}$/);
  assert.equal(new Set(asins).size, asins.length);
});

test('pages in place of a product, with their status', async (t) => {
  const origin = await originFor(t);
  const expected: [string, number, RegExp][] = [
    ['SANDBOX404', 404, /dogsofamazon/],
    ['SANDBOX422', 200, /captchacharacters/],
    ['SANDBOXEXT', 200, /help-content/],
    ['SANDBOXGAL', 200, /origin-shelf-0/],
    ['ORIGINCONT', 200, /validateCaptcha/],
    ['ORIGINWAFX', 202, /awsWafCookieDomainList/],
    ['ORIGINAKAM', 200, /bm-verify/],
    ['ORIGIN503X', 503, /500-title/],
    ['ORIGINSIGN', 200, /\/ap\/signin/],
    ['ORIGIN404S', 200, /dogsofamazon/],
    ['ORIGINHOME', 200, /Gateway/],
    ['ORIGINOFFR', 200, /^<div id="aod-container"/],
    ['ORIGIN403X', 403, /403 Forbidden/],
    ['ORIGIN429X', 429, /429 Too Many Requests/],
    ['ORIGIN500X', 500, /500 Internal Server Error/],
    ['ORIGINJSON', 200, /^\{"message"/],
    ['ORIGINEMPT', 200, /^$/],
  ];
  for (const [asin, status, sign] of expected) {
    const received = await get(origin, asin);
    assert.equal(received.status, status, asin);
    has(received.body.toString(), sign, asin);
    lacks(received.body.toString(), /id="productTitle"/, asin);
  }
});

test('ASINs whose outcome is the gateway’s own are ordinary products here', async (t) => {
  const origin = await originFor(t);
  for (const [asin, { by }] of Object.entries(SANDBOX))
    if (by === 'gateway') assert.equal(await text(origin, asin), product(asin), asin);
});

test('another product’s page, a product under 503, a product of a parent', async (t) => {
  const origin = await originFor(t);
  const other = await text(origin, 'SANDBOXMIS');
  const shown = /id="ASIN" name="ASIN" value="(\w{10})"/.exec(other)?.[1] ?? assert.fail('no ASIN on the page');
  assert.equal(other, product(shown));
  lacks(other, /SANDBOXMIS/);
  const unwell = await get(origin, 'ORIGIN503P');
  assert.deepEqual([unwell.status, unwell.body.toString()], [503, product('ORIGIN503P')]);
  const family = Array.from(
    { length: 40 },
    (_, i) => describeProduct('fr', 'fr_FR', `B0PARENT${String(i).padStart(2, '0')}`).item,
  ).find((item) => item.parent_asin !== null);
  const parent = family?.parent_asin ?? assert.fail('no family among forty');
  assert.equal(await text(origin, parent), product(family?.variations[0]?.asin ?? ''));
});

test('slow: the product comes after the time of the sandbox', async (t) => {
  const waits: number[] = [];
  const origin = await originFor(t, {
    delay: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });
  assert.equal(await text(origin, 'SANDBOXSLO'), product('SANDBOXSLO'));
  assert.deepEqual(waits, [SANDBOX_LIMITS.slowMs]);
});

test('flaky: blocked on the first attempt, by the number of the attempt or in turn', async (t) => {
  const origin = await originFor(t);
  const blocked = async (attempt?: string): Promise<boolean> =>
    (await text(origin, 'SANDBOXFLK', attempt === undefined ? {} : { 'asa-attempt': attempt })).includes(
      'captchacharacters',
    );
  const numbered = [await blocked('1'), await blocked('2'), await blocked('1'), await blocked('3')];
  assert.deepEqual(numbered, [true, false, true, false]);
  assert.deepEqual([await blocked(), await blocked(), await blocked(), await blocked()], [true, false, true, false]);
});

test('silence lasts until the client goes, and is bounded', async (t) => {
  let waited = 0;
  const origin = await originFor(t, {
    delay: (ms, signal) =>
      new Promise((done, fail) => {
        waited = ms;
        if (ms === 0) done();
        signal.addEventListener('abort', () => fail(new Error('gone')), { once: true });
      }),
  });
  const sent = request(`${origin.url}/fr/dp/SANDBOX408`, { agent: false });
  sent.on('error', () => undefined);
  sent.end();
  await until(() => origin.log()[0]?.served === 'silence');
  sent.destroy();
  assert.equal(waited, 60_000);
  assert.equal((await get(origin, 'B000000000')).status, 200);

  const short = await originFor(t, { delay: () => Promise.resolve() });
  await assert.rejects(get(short, 'SANDBOX408'), /hang up|ECONNRESET/);
});

test('broken connections and bodies', async (t) => {
  const origin = await originFor(t, { delay: () => Promise.resolve() });
  await assert.rejects(get(origin, 'SANDBOX502'), /ECONNRESET|hang up/);
  await assert.rejects(get(origin, 'ORIGINSHRT'), /aborted/);
  await assert.rejects(get(origin, 'ORIGINDRIP'), /aborted/);
  const cut = await text(origin, 'ORIGINCUTX');
  assert.ok(product('ORIGINCUTX').startsWith(cut) && cut.includes('id="buybox"'));
  assert.ok(!cut.includes('id="productTitle"') && !cut.includes('</html>'));
  const wrong = await get(origin, 'ORIGINBADZ');
  assert.equal(wrong.headers['content-encoding'], 'gzip');
  assert.throws(() => gunzipSync(wrong.body));
});

test('a bomb: small on the wire, huge behind it, a valid gzip all the same', async (t) => {
  const origin = await originFor(t);
  const { headers, body } = await get(origin, 'ORIGINBOMB');
  assert.equal(headers['content-encoding'], 'gzip');
  assert.ok(body.length < 1_000_000, `${body.length} bytes`);
  assert.throws(() => gunzipSync(body, { maxOutputLength: 1_000_000 }), /buffer/i);
  // The trailer holds the decoded size, and the stream ends where it says.
  assert.equal(body.readUInt32LE(body.length - 4), BOMB_BYTES);
});

test('an endless body stops when the client goes', async (t) => {
  const origin = await originFor(t);
  let received = 0;
  const sent = request(`${origin.url}/fr/dp/ORIGINENDL`, { agent: false }, (response) => {
    response.on('error', () => undefined);
    response.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > 2_000_000) sent.destroy();
    });
  });
  sent.on('error', () => undefined);
  sent.end();
  await until(() => received > 2_000_000);
  let before = -1;
  await until(() => {
    const { bytes = 0 } = origin.log()[0] ?? {};
    const still = bytes === before;
    before = bytes;
    return still;
  });
  assert.ok(before < 32_000_000, `${before} bytes were written for a client that left`);
});

test('redirects: once, forever, and to a foreign host', async (t) => {
  const origin = await originFor(t);
  const location = async (path: string): Promise<[number, string | undefined]> => {
    const { status, headers } = await ask(origin.url + path);
    return [status, headers.location];
  };
  const [status, next] = await location('/fr/dp/ORIGINHOPS?th=1');
  assert.equal(status, 301);
  assert.match(next ?? '', /^\/fr\/[\w-]+\/dp\/ORIGINHOPS\?th=1$/);
  assert.deepEqual(await location(next ?? ''), [200, undefined]);
  const [, japanese] = await location('/co.jp/dp/ORIGINHOPS');
  assert.deepEqual(await location(japanese ?? ''), [200, undefined], japanese);
  assert.deepEqual(await location('/fr/dp/ORIGINLOOP?a=1'), [302, '/fr/dp/ORIGINLOOP?a=1']);
  assert.deepEqual(await location('/fr/dp/ORIGINAWAY'), [302, 'https://elsewhere.invalid/dp/ORIGINAWAY']);
});

test('a page in ISO-8859-1 says so and is it', async (t) => {
  const origin = await originFor(t);
  const { headers, body } = await get(origin, 'ORIGINLAT1');
  assert.equal(headers['content-type'], 'text/html;charset=ISO-8859-1');
  const { item } = describeProduct('fr', 'fr_FR', 'ORIGINLAT1');
  const page = body.toString('latin1');
  has(page, /<meta charset="iso-8859-1" \/>/);
  assert.ok(page.includes(item.delivered_to ?? '') && /[\u00e0-\u00ff]/.test(page));
  assert.throws(() => new TextDecoder('utf-8', { fatal: true }).decode(body), 'it is not UTF-8 by chance');
});
