// The worker needs nothing else of egress: its own door spares every thread the HTTP client.
import { decodeBody } from '@asa/egress/decode';
import { decodeHtml, readPage, type Reading } from '@asa/extract';
import { verdictClass, type Verdict } from '@asa/contract';
import { UNREAD, type ReadResult, type ReadTask } from './task.ts';

/** Decodes, judges and extracts one page: the work of one trip to a worker. */
export function read(task: ReadTask, now: () => number): ReadResult {
  const started = now();
  const decoded = decodeBody(task.body, task.contentEncoding, task.maxBytes);
  if (!decoded.ok) return { ...UNREAD, verdict: decoded.verdict, judgeMs: now() - started };
  const { body } = decoded;
  const { contentType, status, headers, url, target } = task;
  let judged = started;
  let reading: Reading;
  try {
    reading = readPage({ body, contentType, status, headers, url, target }, () => {
      judged = now();
    });
  } catch (error) {
    // A page that breaks the extractor is a page that could not be read: the caller may retry, the operator gets the ticket and the stack.
    const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...UNREAD, verdict: 'unknown', page: body, bug, judgeMs: now() - started };
  }
  const ended = now();
  if (judged === started) judged = ended;
  return {
    verdict: reading.verdict,
    reading,
    html: task.wantHtml && isUsable(reading.verdict) ? decodeHtml(body, contentType) : null,
    page: keepForTicket(reading) ? body : null,
    judgeMs: judged - started,
    extractMs: ended - judged,
    bug: 'bugs' in reading && reading.bugs.length > 0 ? reading.bugs.join('\n') : null,
  };
}

const isUsable = (verdict: Verdict): boolean => verdictClass(verdict) === 'usable';

/** A page that shows no product or list, and a product with a field whose extractor threw. */
const keepForTicket = (reading: Reading): boolean =>
  verdictClass(reading.verdict) === 'unreadable' || (reading.fields?.failed.length ?? 0) > 0;
