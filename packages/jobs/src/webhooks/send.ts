import { Client } from 'undici';
import { maskKeys } from '@asa/contract';
import { guardedConnector, type GuardOptions } from './connect.ts';
import { failureText } from './failure.ts';

/** No answer within this time is a failure. */
export const TIMEOUT_MS = 10_000;
/** Of an answer's body so much is kept for the log of deliveries; the rest is not read. */
const KEPT_BYTES = 1024;

export interface Outgoing {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Sent {
  /** Status of the answer; null when there was none. */
  readonly status: number | null;
  /** Why this attempt failed, for the owner of the webhook; null when it succeeded. */
  readonly error: string | null;
  /** The beginning of the answer's body, without control characters and secrets. */
  readonly response: string;
}

export interface SendOptions extends GuardOptions {
  readonly timeoutMs?: number;
  /** Cuts the attempt, which then counts as not made. */
  readonly signal?: AbortSignal;
}

/** Sends one attempt: POST, no redirects, one connection of its own. Ordinary failures are answers, not exceptions. */
export async function send({ url, headers, body }: Outgoing, options: SendOptions): Promise<Sent> {
  const { timeoutMs = TIMEOUT_MS, signal } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const cut = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  const client = new Client(url.origin, {
    connect: guardedConnector(options, cut),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  try {
    const answer = await client.request({
      method: 'POST',
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'ASA-Webhook/1' },
      body,
      signal: cut,
    });
    const response = clean(await beginning(answer.body));
    return { status: answer.statusCode, error: verdict(answer.statusCode), response };
  } catch (error) {
    signal?.throwIfAborted();
    return { status: null, error: failureText(error, timeoutMs), response: '' };
  } finally {
    await client.destroy();
  }
}

function verdict(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `answered ${status}; redirects are not followed`;
  return `answered ${status}`;
}

/** Reads until there is enough. The status has been said: a body that breaks or never ends changes nothing. */
async function beginning(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body) {
      parts.push(part);
      size += part.length;
      if (size >= KEPT_BYTES) break;
    }
  } catch {
    // What has arrived is what there is.
  }
  return Buffer.concat(parts).subarray(0, KEPT_BYTES);
}

/** What a stranger answered, made fit to be stored and shown. */
const clean = (bytes: Buffer): string =>
  maskKeys(bytes.toString('utf8'))
    .replaceAll(/whsec_[\w+/=-]*/g, 'whsec_***')
    // Control characters, those that turn the direction of text, and halves of cut characters.
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
