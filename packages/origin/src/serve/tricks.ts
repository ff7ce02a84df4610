import { once } from 'node:events';
import { SANDBOX_LIMITS } from '@asa/contract';
import type { Route } from '../http/route.ts';
import type { Behaviour } from '../outcomes.ts';
import { describeProduct } from '../product/describe.ts';
import { productPath } from '../product/addresses.ts';
import { captchaPage } from '../block/challenge.ts';
import { bomb } from './bomb.ts';
import { answer, begin, HTML_TYPE, type Exchange } from './exchange.ts';
import { productPage } from './pages.ts';

/** Behaviours that are more than a page with a status: time, broken connections, odd bodies, redirects. */

type ProductRoute = Extract<Route, { kind: 'product' }>;
type Trick = (exchange: Exchange, route: ProductRoute, seen: Attempts) => Promise<void>;

/** How often an ASIN was asked for before, for clients that do not number their attempts. */
export interface Attempts {
  next(key: string): number;
}

/** Longest time a connection is kept without an answer. */
const SILENCE_MS = 60_000;
const ENDLESS_BYTES = 256 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, '<p>and so on</p>\n');
const DRIP_MS = 250;
const DRIPS = 240;

export const TRICKS: Partial<Record<Behaviour, Trick>> = {
  async slow(exchange, route) {
    await exchange.delay(SANDBOX_LIMITS.slowMs);
    await sendProduct(exchange, route);
  },

  async flaky(exchange, route, seen) {
    const numbered = Number(exchange.request.headers['asa-attempt'] ?? Number.NaN);
    const attempt = Number.isInteger(numbered) ? numbered : seen.next(`${route.domain} ${route.asin}`);
    if (attempt > 1) return sendProduct(exchange, route);
    return answer(exchange, { served: 'captcha', status: 200, body: captchaPage(route), cacheKey: null });
  },

  async silence(exchange) {
    exchange.entry.served = 'silence';
    await exchange.delay(SILENCE_MS);
    exchange.request.socket.destroy();
  },

  async reset(exchange) {
    exchange.entry.served = 'reset';
    exchange.request.socket.resetAndDestroy();
  },

  async short_body(exchange, route) {
    const body = Buffer.from(productPage(route.domain, route.language, route.asin).html);
    begin(exchange, 'short_body', 200, { 'content-type': HTML_TYPE, 'content-length': String(body.length) });
    exchange.response.write(body.subarray(0, body.length >> 1), () => exchange.request.socket.destroy());
  },

  async bomb(exchange) {
    const body = bomb();
    begin(exchange, 'bomb', 200, {
      'content-type': HTML_TYPE,
      'content-encoding': 'gzip',
      'content-length': String(body.length),
    });
    exchange.entry.bytes = body.length;
    exchange.response.end(body);
  },

  async endless(exchange) {
    const { response, signal, entry } = exchange;
    begin(exchange, 'endless', 200, { 'content-type': HTML_TYPE });
    response.write('<!doctype html><html><body>');
    for (; entry.bytes < ENDLESS_BYTES && !signal.aborted; entry.bytes += CHUNK.length) {
      if (!response.write(CHUNK)) await once(response, 'drain', { signal });
    }
    response.end();
  },

  async drip(exchange, route) {
    const { html } = productPage(route.domain, route.language, route.asin);
    begin(exchange, 'drip', 200, { 'content-type': HTML_TYPE });
    for (const byte of Buffer.from(html.slice(0, DRIPS))) {
      exchange.response.write(Buffer.of(byte));
      exchange.entry.bytes += 1;
      await exchange.delay(DRIP_MS);
    }
    exchange.request.socket.destroy();
  },

  async undecodable(exchange, route) {
    const body = Buffer.from(productPage(route.domain, route.language, route.asin).html);
    begin(exchange, 'undecodable', 200, { 'content-type': HTML_TYPE, 'content-encoding': 'gzip' });
    exchange.entry.bytes = body.length;
    exchange.response.end(body);
  },

  not_html: (exchange) =>
    answer(exchange, {
      served: 'not_html',
      status: 200,
      body: '{"message":"not a page"}\n',
      contentType: 'application/json',
      cacheKey: null,
    }),

  latin1: (exchange, route) =>
    answer(exchange, {
      served: 'product',
      status: 200,
      body: latin1(productPage(route.domain, route.language, route.asin).html),
      contentType: 'text/html;charset=ISO-8859-1',
      cacheKey: null,
    }),

  async redirect_once(exchange, route) {
    if (!route.path.startsWith('/dp/')) return sendProduct(exchange, route);
    const { item } = describeProduct(route.domain, route.language, route.asin);
    // Titles without Latin letters give no slug; some segment must tell the second address from the first.
    const slug = productPath(item.title, route.asin).replace(/^\/dp\//, '/product/dp/');
    const query = route.params.size === 0 ? '' : `?${route.params.toString()}`;
    return redirect(exchange, 301, `/${route.domain}${slug}${query}`);
  },
  redirect_loop: (exchange, route) => redirect(exchange, 302, `/${route.domain}${route.path}`),
  redirect_away: (exchange, route) => redirect(exchange, 302, `https://elsewhere.invalid${route.path}`),
};

function sendProduct(exchange: Exchange, { domain, language, asin }: ProductRoute): Promise<void> {
  const { status, html } = productPage(domain, language, asin);
  return answer(exchange, { served: 'product', status, body: html, cacheKey: null });
}

const redirect = (exchange: Exchange, status: number, location: string): Promise<void> =>
  answer(exchange, { served: 'redirect', status, body: '', headers: { location }, cacheKey: null });

/** A page in ISO-8859-1: what that charset lacks becomes a character reference. */
function latin1(html: string): Buffer {
  const text = html
    .replace('<meta charset="utf-8" />', '<meta charset="iso-8859-1" />')
    .replace(/[^\u0000-\u00ff]/gu, (c) => `&#${c.codePointAt(0) ?? 63};`);
  return Buffer.from(text, 'latin1');
}
