import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { locationOf, redirectTarget } from '../src/redirect.ts';
import { SiteCookies } from '../src/session/cookies.ts';
import { failureOf, openTransport, pageOf } from './helpers/client.ts';
import { startHttp, startRaw, until } from './helpers/servers.ts';

const target = (from: string, location: string): string | null => redirectTarget(new URL(from), location)?.href ?? null;

test('which redirects stay within the host', () => {
  const from = 'https://www.amazon.de/dp/B000000000?th=1';
  assert.equal(target(from, '/dp/B000000001#x'), 'https://www.amazon.de/dp/B000000001');
  assert.equal(target(from, '?psc=1'), 'https://www.amazon.de/dp/B000000000?psc=1');
  assert.equal(target(from, 'https://WWW.amazon.de:443/x'), 'https://www.amazon.de/x');
  assert.equal(target(from, '//www.amazon.de/x'), 'https://www.amazon.de/x');
  assert.equal(target(from, 'https://user:secret@www.amazon.de/x'), 'https://www.amazon.de/x');
  for (const away of [
    'https://www.amazon.com/x',
    'https://amazon.de/x',
    'https://www.amazon.de.evil.example/x',
    'https://www.amazon.de@evil.example/x',
    'https://www.amazon.de:8443/x',
    'http://www.amazon.de/x',
    '//evil.example/x',
    'file:///etc/passwd',
    'data:text/html,x',
    'javascript:alert(1)',
    'http://',
    'https://[',
  ]) {
    assert.equal(target(from, away), null, away);
  }
});

test('the upgrade to https counts as staying, on the default ports and not back', () => {
  assert.equal(target('http://www.amazon.de/x', 'https://www.amazon.de/x'), 'https://www.amazon.de/x');
  assert.equal(target('http://www.amazon.de/x', 'https://amazon.de/x'), null);
  assert.equal(target('http://127.0.0.1:9100/x', 'https://127.0.0.1:9101/x'), null);
  assert.equal(target('http://127.0.0.1:9100/x', 'http://127.0.0.1:9101/x'), null);
});

test('which answers are redirects', () => {
  assert.equal(locationOf(302, '/x'), '/x');
  assert.equal(locationOf(200, '/x'), null);
  assert.equal(locationOf(304, '/x'), null);
  assert.equal(locationOf(301, undefined), null);
  assert.equal(locationOf(301, ''), null);
  assert.equal(locationOf(301, Buffer.from('/zürich').toString('latin1')), '/zürich');
  assert.equal(locationOf(301, '/z\u00fcrich'), '/z\u00fcrich');
});

const redirects =
  (routes: Readonly<Record<string, string>>): RequestListener =>
  (request, response) => {
    const to = routes[request.url ?? ''];
    if (to !== undefined) {
      response.writeHead(302, { location: to, 'set-cookie': `seen-${(request.url ?? '').slice(1)}=1; Path=/` });
    }
    response.end(to === undefined ? `page ${request.url} ${request.headers.cookie ?? ''}` : 'moved');
  };

test('redirects within the host are followed over one connection, and cookies are kept across the hops', async (t) => {
  const server = await startHttp(t, redirects({ '/a': '/b', '/b': '/c' }));
  const session = new SiteCookies('de', 'de_DE');
  const page = pageOf(await openTransport(t).get(`${server.url}/a`, { session }));
  assert.equal(page.url, `${server.url}/c`);
  const text = Buffer.from(page.body).toString();
  assert.match(text, /^page \/c /);
  for (const cookie of ['seen-a=1', 'seen-b=1', 'lc-acbde=de_DE']) assert.ok(text.includes(cookie), text);
  assert.equal(server.accepted(), 1);
});

test('five redirects are followed, a sixth is a loop', async (t) => {
  const chain = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`/${i}`, `/${i + 1}`]));
  const five = await startHttp(t, redirects(chain(5)));
  assert.equal(pageOf(await openTransport(t).get(`${five.url}/0`)).url, `${five.url}/5`);
  const six = await startHttp(t, redirects(chain(6)));
  const { verdict, reason, status } = failureOf(await openTransport(t).get(`${six.url}/0`));
  assert.deepEqual([verdict, reason, status], ['redirect_loop', 'too_many_redirects', 302]);
});

test('the same page with the same cookies is a loop at once', async (t) => {
  let requests = 0;
  const server = await startHttp(t, (_request, response) => {
    requests += 1;
    response.writeHead(301, { location: '/' }).end();
  });
  const { verdict, reason } = failureOf(await openTransport(t).get(`${server.url}/`));
  assert.deepEqual([verdict, reason], ['redirect_loop', 'same_page_again']);
  assert.equal(requests, 1);
});

test('a page that sets a cookie and asks to come again is not a loop', async (t) => {
  const server = await startHttp(t, (request, response) => {
    if (request.headers.cookie?.includes('session=1')) response.end('in');
    else response.writeHead(302, { location: request.url, 'set-cookie': 'session=1' }).end();
  });
  const page = pageOf(await openTransport(t).get(server.url, { session: new SiteCookies('com', 'en_US') }));
  assert.equal(Buffer.from(page.body).toString(), 'in');
});

test('a redirect to another host is not followed', async (t) => {
  const other = await startHttp(t, (_request, response) => response.end('secret'));
  const server = await startHttp(t, redirects({ '/a': `${other.url}/x`, '/b': 'http://169.254.169.254/latest' }));
  const transport = openTransport(t);
  for (const path of ['/a', '/b']) {
    const { verdict, reason, status, url } = failureOf(await transport.get(server.url + path));
    assert.deepEqual([verdict, reason, status], ['foreign_redirect', 'other_host', 302]);
    assert.equal(url, server.url + path);
  }
  assert.equal(other.accepted(), 0);
});

test('the endless body of a redirect is cut and the redirect is followed', async (t) => {
  const server = await startHttp(t, (request, response) => {
    if (request.url === '/page') {
      response.end('page');
      return;
    }
    response.writeHead(302, { location: '/page' });
    const pump = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
    };
    response.on('drain', pump);
    pump();
  });
  const page = pageOf(await openTransport(t).get(`${server.url}/start`));
  assert.equal(Buffer.from(page.body).toString(), 'page');
  await until(() => server.open() <= 1, 'the cut connection to be freed');
});

test('a hop that fails reports itself, not the redirect before it', async (t) => {
  const server = await startHttp(t, (request, response) => {
    if (request.url === '/next') request.socket.resetAndDestroy();
    else response.writeHead(302, { location: '/next' }).end();
  });
  const { verdict, status, url } = failureOf(await openTransport(t).get(server.url));
  assert.deepEqual([verdict, status, url], ['connection', null, `${server.url}/next`]);
});

test('a redirect whose body never comes ends as a timeout', async (t) => {
  const server = await startRaw(t, 'HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 10\r\n\r\n', () => {});
  const { verdict, reason } = failureOf(await openTransport(t).get(server.url, { timeoutMs: 50 }));
  assert.deepEqual([verdict, reason], ['timeout', 'attempt_time']);
  await until(() => server.open() === 0, 'the socket to be freed');
});

test('a redirect without a location is a page', async (t) => {
  const server = await startHttp(t, (_request, response) => response.writeHead(302).end('odd'));
  assert.equal(pageOf(await openTransport(t).get(server.url)).status, 302);
});
