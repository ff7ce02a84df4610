/** Two numbers of a header such as `3/50`. */
export interface Gauge {
  readonly used: number;
  readonly ceiling: number;
}

/** What the headers of an answer say. */
export interface AnswerMeta {
  readonly status: number;
  /** Id of the request, for its trace. */
  readonly requestId: string | null;
  /** Attempts of this client, 1 when the first one succeeded. */
  readonly tries: number;
  /** Credits taken. */
  readonly cost: number | null;
  /** Attempts of the service at the marketplace. */
  readonly attempts: number | null;
  /** Credits that can still be spent. */
  readonly creditsRemaining: number | null;
  /** Version of the extractor that read the page. */
  readonly extractorVersion: string | null;
  /** Final URL of the page. */
  readonly resolvedUrl: string | null;
  /** The marketplace's HTTP status of the page. */
  readonly sourceStatus: number | null;
  /** The key's requests in flight, this one included, and its ceiling. */
  readonly concurrency: Gauge | null;
  /** The key's requests accepted in the last second and its sustained rate. */
  readonly rps: Gauge | null;
  /** Signed statement of what the answer was and cost. */
  readonly receipt: string | null;
  /** All headers. */
  readonly headers: Headers;
}

/** Reads the headers of an answer. What is missing or not in its form is null. Pure. */
export function readMeta(status: number, headers: Headers, tries: number): AnswerMeta {
  const text = (name: string): string | null => headers.get(name);
  return {
    status,
    requestId: text('x-request-id'),
    tries,
    cost: whole(text('asa-cost')),
    attempts: whole(text('asa-attempts')),
    creditsRemaining: whole(text('asa-credits-remaining')),
    extractorVersion: text('asa-extractor-version'),
    resolvedUrl: text('asa-resolved-url'),
    sourceStatus: whole(text('asa-source-status')),
    concurrency: gauge(text('asa-concurrency')),
    rps: gauge(text('asa-rps')),
    receipt: text('asa-receipt'),
    headers,
  };
}

const whole = (text: string | null): number | null => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null);

/** Reads `3/50`. */
export function gauge(text: string | null): Gauge | null {
  const [, used, ceiling] = /^(\d{1,9})\/(\d{1,9})$/.exec(text ?? '') ?? [];
  return used === undefined || ceiling === undefined ? null : { used: Number(used), ceiling: Number(ceiling) };
}
