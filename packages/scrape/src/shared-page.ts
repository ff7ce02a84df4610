import { ApiError, type AttemptRecord, type Target } from '@asa/contract';
import type { Passenger } from './flights.ts';
import { failureMessage } from './messages.ts';
import { fetchPage, type FetchOptions, type PageOutcome, type ScrapeOptions, type Source } from './scraper.ts';

/** A flight may end this much before its time, in ms; a caller with no more left than that has as good as none. */
const SLACK_MS = 100;

/**
 * One page for one caller, shared with those who ask for the same page at the same time: same address, marketplace, language,
 * country, tiers that the plan may use, and whether the source is wanted. Each caller keeps what is its own: its deadline, its
 * trace (attempts made for another are marked), its charge. Without `source.flights` nothing is shared.
 */
export async function scrapePage(
  source: Source,
  target: Target,
  options: ScrapeOptions,
  request: FetchOptions,
): Promise<PageOutcome> {
  const { flights, egress } = source;
  if (flights === undefined) return fetchPage(source, target, options, request);
  const { now } = options;
  const startedAt = now();
  const endsAt = startedAt + request.budgetMs;
  const key = JSON.stringify([target, request.wantHtml, egress.tierNames(request.plan)]);
  const attempts: AttemptRecord[] = [];
  const noteAttempt =
    (shared: boolean) =>
    (record: AttemptRecord): void => {
      const own = { ...record, n: attempts.length + 1, shared };
      attempts.push(own);
      request.onAttempt(own);
    };
  for (let isSecond = false; ; isSecond = true) {
    const found = flights.find(key);
    if (found === null) {
      const budgetMs = endsAt - now();
      // The deadline of who starts it is that of the work itself, which ends with the last word of its history.
      const flight = flights.start(key, endsAt, (signal, onAttempt) =>
        fetchPage(source, target, options, { ...request, budgetMs, signal, onAttempt }),
      );
      const outcome = await flight.join({ signal: request.signal, waitMs: null, onAttempt: noteAttempt(false) });
      return outcome === null ? left() : { ...outcome, attempts, ticket: takeTicket(outcome) };
    }
    const passenger: Passenger = { signal: request.signal, waitMs: endsAt - now(), onAttempt: noteAttempt(true) };
    const outcome = await found.join(passenger);
    if (outcome === null) return left();
    // Who started it had less time than this one, who goes on with what it has: once, lest failures go round and round.
    const isTheirTime =
      !outcome.result.ok && outcome.result.error.code === 'upstream_timeout' && endsAt > found.endsAt + SLACK_MS;
    if (isTheirTime && !isSecond && !request.signal.aborted && endsAt - now() > SLACK_MS) continue;
    // The stages of the work are in the trace of who started it; this one waited.
    const waited = { fetchMs: now() - startedAt, judgeMs: 0, extractMs: 0 };
    return { ...outcome, ...waited, attempts, ticket: takeTicket(outcome) };
  }

  function left(): PageOutcome {
    const message = failureMessage('upstream_timeout', target, null, attempts.length, null);
    return {
      attempts,
      fetchMs: now() - startedAt,
      judgeMs: 0,
      extractMs: 0,
      fields: null,
      ticket: null,
      result: { ok: false, error: new ApiError('upstream_timeout', message) },
    };
  }
}

/** A page is filed once, by the first who learns of it. */
const taken = new WeakSet<object>();
function takeTicket({ ticket }: PageOutcome): PageOutcome['ticket'] {
  if (ticket === null || taken.has(ticket)) return null;
  taken.add(ticket);
  return ticket;
}
