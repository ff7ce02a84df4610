import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ERROR_CODES, ERRORS_PAGE } from '@asa/contract';
import type { TestServer } from '../../../packages/gateway/test/harness.ts';
import { readPages } from '../src/pages.ts';
import { markdownPathOf, PAGES, pathOf } from '../src/site.ts';
import { startDocs } from './support.ts';

/** The site as the service serves it: every page, in both forms, with links that lead somewhere. */

let server: TestServer;
before(async () => {
  server = await startDocs();
});
after(() => server.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}${path}`, { headers });

test('every page that is written is in the menu, and the other way round', () => {
  const folder = join(import.meta.dirname, '..', 'pages');
  const written = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -'.md'.length));
  assert.deepEqual([...written, 'changelog'].toSorted(), [...PAGES].toSorted());
});

test('every page has a title and a sentence about itself, and is served as HTML and as Markdown', async () => {
  for (const page of readPages()) {
    assert.ok(page.description.length > 15 && page.description.endsWith('.'), `${page.name}: ${page.description}`);
    const html = await get(pathOf(page.name));
    assert.equal(html.status, 200, page.name);
    assert.match(html.headers.get('content-type') ?? '', /^text\/html/);
    await html.arrayBuffer();
    const markdown = await get(markdownPathOf(page.name));
    assert.match(markdown.headers.get('content-type') ?? '', /^text\/markdown/);
    const text = await markdown.text();
    assert.ok(text.startsWith(`# `), page.name);
    assert.doesNotMatch(text, /^:::|<!-- facts:|\{#[\w-]+\}$/m, `${page.name}: nothing of the generator is left`);
  }
});

test('every docs_url leads to a section', async () => {
  const html = await (await get(ERRORS_PAGE)).text();
  for (const code of ERROR_CODES) assert.ok(html.includes(`id="${code}"`), code);
});

test('every internal link and anchor of every page leads somewhere', async () => {
  const pages = new Map<string, string>();
  const load = async (path: string): Promise<string | null> => {
    const known = pages.get(path);
    if (known !== undefined) return known;
    const response = await get(path);
    const text = await response.text();
    if (response.status !== 200) return null;
    pages.set(path, text);
    return text;
  };
  const broken: string[] = [];
  for (const from of [...PAGES.map(pathOf), '/docs/reference']) {
    const html = (await load(from)) ?? assert.fail(from);
    for (const [, link = ''] of html.matchAll(/(?:href|src)="([^"]+)"/g)) {
      const target = new URL(link.replaceAll('&amp;', '&'), `${server.url}${from}`);
      if (target.origin !== server.url && target.origin !== server.running.url) continue;
      const body = await load(target.pathname);
      const id = decodeURIComponent(target.hash.slice(1));
      if (body === null) broken.push(`${from}: ${link}`);
      else if (id !== '' && !body.includes(`id="${id}"`)) broken.push(`${from}: ${link} (no such anchor)`);
    }
  }
  assert.deepEqual(broken, []);
});

test('every internal link of the Markdown, of llms.txt and of llms-full.txt leads somewhere', async () => {
  const status = new Map<string, number>();
  const broken: string[] = [];
  let seen = 0;
  for (const from of [...PAGES.map(markdownPathOf), '/docs/llms.txt', '/docs/llms-full.txt']) {
    const text = await (await get(from)).text();
    assert.doesNotMatch(text, /\]\([^()\s]+\)\{/, `${from}: an attribute of the generator`);
    for (const [, link = ''] of text.matchAll(/\]\((\/[^)#\s]*)[^)\s]*\)/g)) {
      seen += 1;
      if (!status.has(link)) status.set(link, (await get(link)).status);
      if (status.get(link) !== 200) broken.push(`${from}: ${link}`);
    }
  }
  assert.ok(seen > 100, String(seen));
  assert.deepEqual(broken, []);
});

test('llms.txt names every page, llms-full.txt has the text of each', async () => {
  const index = await (await get('/docs/llms.txt')).text();
  const full = await (await get('/docs/llms-full.txt')).text();
  for (const page of readPages().filter(({ name }) => name !== 'index')) {
    assert.ok(index.includes(`(${markdownPathOf(page.name)})`), page.name);
    assert.ok(full.includes(`<!-- ${markdownPathOf(page.name)} -->`), page.name);
  }
});

test('the samples show the address under which the service is reached', async () => {
  const text = await (await get('/docs/getting-started.md')).text();
  assert.ok(text.includes(`${server.running.url}/api/v1/amazon/product`));
  assert.ok(!text.includes('http://localhost:8080'));
  // The service puts its own address into every page, so what has 8080 by default must be said in other words.
  for (const { name, source } of readPages())
    assert.doesNotMatch(source, /default[^\n]{0,20}http:\/\/localhost:8080/i, name);
});

test('pages forbid inline code and foreign sources, are compressed, and are asked for again only when they changed', async () => {
  const page = await get('/docs/guides/errors', { 'accept-encoding': 'br' });
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /^default-src 'none';/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  assert.equal(page.headers.get('content-encoding'), 'br');
  const size = (await page.text()).length;
  assert.ok(size > 10_000);
  const again = await get('/docs/guides/errors', { 'if-none-match': page.headers.get('etag') ?? '' });
  assert.equal(again.status, 304);
});

test('what is no file of the site is not served, whatever the path', async () => {
  for (const path of [
    '/docs/site.json',
    '/docs/%2e%2e/package.json',
    '/docs/..%2f..%2fpackage.json',
    '/docs/constructor',
    '/docs/assets/',
  ]) {
    const response = await get(path);
    assert.equal(response.status, 404, path);
    assert.equal(((await response.json()) as { error: string }).error, 'not_found');
  }
  const forReaders = await get('/docs/guides/nothing', { accept: 'text/html' });
  assert.equal(forReaders.status, 404);
  assert.match(await forReaders.text(), /<!DOCTYPE html>/i);
  assert.equal((await get('/docs')).url, `${server.url}/docs/`);
});
