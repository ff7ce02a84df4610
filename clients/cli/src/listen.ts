import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkWebhook, type WebhookVerdict } from 'asa-client';
import type { Context } from './context.ts';
import { printable } from './world.ts';

/** The service leaves results out above 5 MB. */
export const MAX_EVENT_BYTES = 8 * 1024 * 1024;

export interface ListenOptions {
  readonly port: number;
  readonly host: string;
  readonly secret: readonly string[];
  readonly count?: number;
  readonly json?: boolean;
}

type Verdict = WebhookVerdict | 'unverified';

/** Headers that say something about an event. */
const SHOWN = /^(?:webhook-|x-asa-|content-type$|user-agent$)/;

/** Receives webhooks until the user stops it, or until so many have come. Answers 204 to what is genuine and 400 to what is not. */
export async function listen(here: Context, { port, host, secret, count, json }: ListenOptions): Promise<void> {
  const { signal } = here.world;
  let received = 0;
  const server = createServer((request, response) => {
    const answer = (status: number): void => void response.writeHead(status, { connection: 'close' }).end();
    if (request.method !== 'POST') {
      answer(405);
      return;
    }
    receive(request).then(answer, () => request.destroy());
  });
  const receive = async (request: IncomingMessage): Promise<number> => {
    const body = await bodyOf(request);
    if (body === null) return 413;
    const verdict = verdictOf(body, request, secret, here.world.now());
    show(here, request, body, verdict, json === true);
    received += 1;
    if (received === count) server.close();
    return verdict === 'valid' || verdict === 'unverified' ? 204 : 400;
  };
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const note = secret.length === 0 ? ' Nothing is verified: give --secret.' : '';
  here.say(
    `Listening on http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}/ .${note}`,
  );
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  signal.addEventListener('abort', stop, { once: true });
  await once(server, 'close');
  signal.removeEventListener('abort', stop);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_EVENT_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function verdictOf(body: Buffer, { headers }: IncomingMessage, secret: readonly string[], now: number): Verdict {
  if (secret.length === 0) return 'unverified';
  const kind = headers['webhook-signature'] === undefined ? 'asa' : 'standard';
  return checkWebhook({ body, headers, secret, kind, now });
}

function show(
  { print, paint, world }: Context,
  { headers }: IncomingMessage,
  body: Buffer,
  verdict: Verdict,
  json: boolean,
): void {
  const text = body.toString();
  const told = Object.fromEntries(Object.entries(headers).filter(([name]) => SHOWN.test(name)));
  const at = new Date(world.now()).toISOString();
  const value = parse(text);
  if (json) {
    print(JSON.stringify({ received_at: at, verdict, headers: told, body: value ?? text }));
    return;
  }
  const isGood = verdict === 'valid';
  print(
    `${at}  ${paint(isGood ? 'green' : 'red', verdict)}  ${printable(String(headers['x-asa-event'] ?? 'no event'))}  ${printable(String(headers['webhook-id'] ?? ''))}`,
  );
  const { id, status, success_count: ok, failure_count: failed } = (value ?? {}) as Record<string, unknown>;
  if (id !== undefined) print(printable(`  batch ${word(id)} ${word(status)}: ${word(ok)} ok, ${word(failed)} failed`));
  else print(printable(`  ${text.slice(0, 500)}`));
}

const word = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const parse = (text: string): object | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
};
