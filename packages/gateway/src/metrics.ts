import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { AttemptRecord } from '@asa/contract';
import type { Stage } from './context.ts';
import { createHistogram, createTally } from './fast-metrics.ts';
import { observe } from './read-metrics.ts';

/** Prometheus metrics of the service. Label values come from our own tables, so their number is bounded. */
export interface Metrics {
  readonly registry: Registry;
  /** One answered request; `code` is the error code or `ok` (public API), or the status (all other paths). */
  request(endpoint: string, code: string, domain: string | null, mode: string): void;
  stage(name: Stage, ms: number): void;
  attempt(record: AttemptRecord): void;
  creditsTaken(credits: number): void;
  extractorBug(): void;
  /** A rejection that left neither a trace nor a line in the log. */
  unrecordedRejection(): void;
}

export function createMetrics(inFlight: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const request = createTally(registry, {
    name: 'asa_requests_total',
    help: 'Answered requests by endpoint, code (ok or the error code), marketplace and key mode.',
    labels: ['endpoint', 'code', 'marketplace', 'mode'],
  });
  const stage = createHistogram(registry, {
    name: 'asa_stage_duration_seconds',
    help: 'Duration of each stage of a request.',
    label: 'stage',
    bounds: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45],
  });
  const attempts = new Counter({
    name: 'asa_attempts_total',
    help: 'Attempts at the marketplace by tier and verdict.',
    labelNames: ['tier', 'verdict'],
    registers,
  });
  const credits = new Counter({
    name: 'asa_credits_captured_total',
    help: 'Credits taken for 2xx answers.',
    registers,
  });
  const bugs = new Counter({
    name: 'asa_extractor_exceptions_total',
    help: 'Exceptions inside the extractor.',
    registers,
  });
  const unrecorded = new Counter({
    name: 'asa_rejections_unrecorded_total',
    help: 'Rejections beyond so many a second, which left neither a trace nor a line in the log.',
    registers,
  });
  observe(registry, Gauge, {
    name: 'asa_requests_in_flight',
    help: 'Product and search requests in flight.',
    read: inFlight,
  });
  return {
    registry,
    request: (endpoint, code, domain, mode) => request(endpoint, code, domain ?? 'none', mode),
    stage: (name, ms) => stage(name, ms / 1000),
    // One that was made for another request is counted there.
    attempt: ({ tier, verdict, shared }) => {
      if (!shared) attempts.inc({ tier, verdict });
    },
    creditsTaken: (n) => credits.inc(n),
    extractorBug: () => bugs.inc(),
    unrecordedRejection: () => unrecorded.inc(),
  };
}
