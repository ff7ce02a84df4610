import assert from 'node:assert/strict';
import { request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { MARKETPLACES, type Domain, type Language } from '@asa/contract';
import { startOrigin, type Origin, type OriginOptions } from '../src/index.ts';

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request over a real socket, nothing decoded, no redirect followed. */
export function ask(url: string, options: RequestOptions = {}): Promise<Received> {
  return new Promise((done, fail) => {
    const sent = request(url, { agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', fail);
    sent.end();
  });
}

/** Sends bytes as they are and returns everything that comes back until the server closes. */
export async function askRaw(origin: Origin, bytes: string): Promise<string> {
  const { port, hostname } = new URL(origin.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  // A reset is an answer too: what came before it is returned.
  socket.on('error', () => undefined);
  const closed = new Promise((done) => socket.once('close', done));
  socket.end(bytes);
  await closed;
  return received;
}

/** An origin for one test, closed at its end. */
export async function originFor(t: TestContext, options: OriginOptions = {}): Promise<Origin> {
  const origin = await startOrigin(options);
  t.after(() => origin.close());
  return origin;
}

/** Looks again and again, a few milliseconds apart, until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (condition()) return;
    await new Promise((done) => setTimeout(done, 3));
  }
  throw new Error('the condition never held');
}

/** Like `assert.match`, without printing a whole page when it fails. */
export function has(page: string, sign: RegExp, message = ''): void {
  assert.ok(sign.test(page), `${message} no ${String(sign)} in ${page.slice(0, 300)}`);
}
export function lacks(page: string, sign: RegExp, message = ''): void {
  const found = sign.exec(page);
  assert.ok(
    found === null,
    `${message} ${String(sign)} at ${page.slice(Math.max(0, (found?.index ?? 0) - 100), (found?.index ?? 0) + 100)}`,
  );
}

/** Every marketplace with each of its languages. */
export const SHOPS: readonly (readonly [Domain, Language])[] = MARKETPLACES.flatMap((row) =>
  row.languages.map((language) => [row.domain, language] as const),
);
