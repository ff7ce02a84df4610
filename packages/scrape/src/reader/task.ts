import type { Reading } from '@asa/extract';
import type { Target, Verdict } from '@asa/contract';

/** What the worker gets: the page as received. `body` owns its whole buffer, which is transferred, not copied. */
export interface ReadTask {
  readonly body: Uint8Array;
  readonly contentEncoding: string | null;
  readonly contentType: string | null;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
  readonly target: Target;
  /** Limit of the decoded page, in bytes. */
  readonly maxBytes: number;
  /** Whether the caller asked for the source of the page. */
  readonly wantHtml: boolean;
}

/** What the worker answers. */
export interface ReadResult {
  readonly verdict: Verdict;
  /** Null when the body did not decode, or when reading it threw. */
  readonly reading: Reading | null;
  /** The page's source, only when asked for and usable. */
  readonly html: string | null;
  /** The decoded page, only when it could not be read: it goes into a ticket. */
  readonly page: Uint8Array | null;
  readonly judgeMs: number;
  readonly extractMs: number;
  /** Stack of an exception inside the extractor, for the log; null when there was none. */
  readonly bug: string | null;
}

/** A result of which nothing could be read. */
export const UNREAD = { reading: null, html: null, page: null, judgeMs: 0, extractMs: 0, bug: null } as const;
