import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { errorBody, HEADERS, type Told } from '@asa/contract';
import { EXTRACTOR_VERSION } from '@asa/extract';
import type { Receipts } from '@asa/accounts';
import type { RequestContext } from '../context.ts';

/** What a success answers besides the facts that every request has. */
export interface Answer {
  /** The body as JSON text for a given request id (a trace has the id of the traced request instead). */
  readonly text: (requestId: string) => string;
  /** The same without a request id. */
  readonly bare: string;
  /** Where the page came from; null for answers that are not about a page. */
  readonly page: { readonly url: string; readonly status: number } | null;
  /** Default 200. */
  readonly status?: 200 | 201 | 204;
  /** A body that is sent piece by piece instead, as it is made. */
  readonly stream?: Stream;
}

export interface Stream {
  readonly contentType: string;
  /** Is ended early when the caller hangs up. */
  readonly pieces: (requestId: string) => AsyncIterable<string>;
}

/** An answer that is made while it is sent: nothing of it is ever held whole. */
export const streamed = (stream: Stream): Answer => ({ text: () => '', bare: '', page: null, stream });

/**
 * Writes the body out at once, all but the request id, which may still change: what cannot be written fails here, before
 * anything is charged for it.
 */
export function answerOf(body: Readonly<Record<string, unknown>>, page: Answer['page'] = null): Answer {
  const rest = JSON.stringify(body);
  if ('request_id' in body) return { text: () => rest, bare: rest, page };
  const tail = rest === '{}' ? '}' : `,${rest.slice(1)}`;
  return { text: (requestId) => `{"request_id":${JSON.stringify(requestId)}${tail}`, bare: rest, page };
}

/** Names and values of headers, in turn, as Node takes them. */
type Fields = string[];

const setAll = (reply: FastifyReply, fields: Fields): void => {
  for (let at = 0; at < fields.length; at += 2) reply.header(fields[at] ?? '', fields[at + 1]);
};

/**
 * How the key stands, in the structured fields of the IETF draft: its tokens, and on a call that found no place in the concurrency that too.
 * With nothing left `t` is the time that `Retry-After` says.
 */
function rateFields({ rate, concurrency, crowded }: RequestContext): Fields {
  const fields: Fields = [];
  if (rate !== null) {
    const policy = `"key";q=${rate.capacity};w=${rate.windowSeconds}`;
    const left = `"key";r=${rate.remaining};t=${rate.resetSeconds}`;
    fields.push(HEADERS.rps.name, `${rate.acceptedLastSecond}/${rate.sustained}`);
    if (crowded === null) fields.push(HEADERS.rateLimitPolicy.name, policy, HEADERS.rateLimit.name, left);
    else {
      const places = `"concurrency";q=${crowded.ceiling};qu="concurrent-requests"`;
      fields.push(HEADERS.rateLimitPolicy.name, `${policy}, ${places}`);
      fields.push(HEADERS.rateLimit.name, `${left}, "concurrency";r=0;t=${crowded.seconds}`);
    }
  }
  const inFlight = concurrency ?? crowded;
  if (inFlight !== null) fields.push(HEADERS.concurrency.name, `${inFlight.inFlight}/${inFlight.ceiling}`);
  return fields;
}

/** The `reply` stage of a success. An answer about a page carries a receipt. */
export function sendAnswer(
  reply: FastifyReply,
  context: RequestContext,
  answer: Answer,
  receipts: Pick<Receipts, 'issue'>,
): void {
  setAll(reply, rateFields(context));
  reply.header(HEADERS.cost.name, String(context.credits));
  if (answer.stream !== undefined) {
    const { contentType, pieces } = answer.stream;
    sendBody(reply, 200, context.requestId, Readable.from(pieces(context.requestId)), contentType);
    return;
  }
  // The bytes that are signed are the bytes that are sent.
  const bytes = Buffer.from(answer.text(context.requestId));
  if (answer.page !== null) {
    reply.header(HEADERS.attempts.name, String(context.attempts.length));
    reply.header(HEADERS.extractorVersion.name, EXTRACTOR_VERSION);
    reply.header(HEADERS.resolvedUrl.name, headerSafe(answer.page.url));
    reply.header(HEADERS.sourceStatus.name, String(answer.page.status));
    if (context.remaining !== null) reply.header(HEADERS.creditsRemaining.name, String(context.remaining));
    const { requestId, endpoint, credits, entry, principal } = context;
    const sale = { request_id: requestId, key: principal?.shortPrefix ?? '', endpoint, credits, entry };
    reply.header(HEADERS.receipt.name, receipts.issue(sale, bytes));
  }
  sendBody(reply, answer.status ?? 200, context.requestId, bytes);
}

/** A header value is Latin-1 without control characters; a URL with more is percent-encoded by its parser. */
const headerSafe = (url: string): string => (URL.canParse(url) ? new URL(url).href : encodeURI(url));

function errorFields(error: Told, context: RequestContext | null): Fields {
  const fields = context === null ? [] : rateFields(context);
  fields.push(HEADERS.cost.name, '0', HEADERS.attempts.name, String(context?.attempts.length ?? 0));
  fields.push(HEADERS.retryable.name, String(error.retryable));
  if (error.retryAfterSeconds !== null) fields.push(HEADERS.retryAfter.name, String(error.retryAfterSeconds));
  if (error.allow.length > 0) fields.push(HEADERS.allow.name, error.allow.join(', '));
  return fields;
}

/** An error answer: the exact four keys and the headers of contract section 4. */
export function sendError(
  reply: FastifyReply,
  error: Told,
  publicUrl: string,
  requestId: string,
  context: RequestContext | null,
): void {
  setAll(reply, errorFields(error, context));
  sendJson(reply, error.status, requestId, errorBody(error.code, error.message, publicUrl, requestId));
}

export interface AtOnce {
  readonly publicUrl: string;
  readonly requestId: string;
  /** Null where no request of the public API is known. */
  readonly context: RequestContext | null;
  /** Whether the connection ends with it. */
  readonly isLast: boolean;
}

/** The same answer where there is no framework: its headers, names and values in turn, and its body. */
export function errorAnswer(
  error: Told,
  { publicUrl, requestId, context, isLast }: AtOnce,
): { readonly fields: Fields; readonly text: string } {
  const text = JSON.stringify(errorBody(error.code, error.message, publicUrl, requestId));
  const fields = errorFields(error, context);
  fields.push(HEADERS.requestId.name, requestId, 'Cache-Control', 'no-store', 'Content-Type', JSON_TYPE);
  fields.push('Content-Length', String(Buffer.byteLength(text)));
  if (isLast) fields.push('Connection', 'close');
  return { fields, text };
}

/** Sends it past the framework: most of what refusing a request costs would be its way through there. */
export function sendErrorAtOnce(response: ServerResponse, error: Told, how: AtOnce): void {
  const { fields, text } = errorAnswer(error, how);
  response.writeHead(error.status, fields);
  response.end(text);
}

/** Every JSON answer carries the id in a header too, and is stored nowhere on its way. */
export function sendJson(reply: FastifyReply, status: number, requestId: string, body: object): void {
  sendBody(reply, status, requestId, JSON.stringify(body));
}

const JSON_TYPE = 'application/json; charset=utf-8';

function sendBody(
  reply: FastifyReply,
  status: number,
  requestId: string,
  body: string | Buffer | Readable,
  contentType = JSON_TYPE,
): void {
  reply.code(status);
  reply.header(HEADERS.requestId.name, requestId);
  reply.header('cache-control', 'no-store');
  if (status !== 204) reply.header('content-type', contentType);
  void reply.send(status === 204 ? null : body);
}
