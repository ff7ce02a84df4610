import type { BatchEndpoint, ErrorCode, KeyLimits, KeyMode, PlanName } from '@asa/contract';

/** Who made a batch: its items run as this key. */
export interface BatchOwner {
  readonly keyId: string;
  readonly workspaceId: string;
  readonly shortPrefix: string;
  readonly mode: KeyMode;
  readonly plan: PlanName;
  readonly limits: KeyLimits;
  readonly exitCountryOfChoice: boolean;
}

/** What came of a try. */
export type ItemOutcome =
  | {
      readonly ok: true;
      readonly requestId: string;
      /** The answer's body as JSON, without the request id. */
      readonly body: string;
      /** Whether `keep` was given the body already. */
      readonly isKept: boolean;
      readonly credits: number;
      readonly durationMs: number;
    }
  | {
      readonly ok: false;
      readonly requestId: string;
      readonly httpStatus: number;
      readonly error: ErrorCode;
      /** For the caller. */
      readonly message: string;
      /** The catalogue's delay before it may be tried again; null: not at all. */
      readonly retryAfterMs: number | null;
      readonly durationMs: number;
      /** It was refused because the time of its batch is over. */
      readonly isLate: boolean;
    }
  /** The signal was aborted; nothing was paid for, and nothing will be. */
  | 'interrupted';

/** A result that is about to be paid for. */
export interface Kept {
  readonly requestId: string;
  /** The answer's body as JSON, without the request id. */
  readonly body: string;
  readonly credits: number;
  readonly durationMs: number;
  /** What has yet to be written once it is paid for; handed back to `close` when the process dies in between. */
  readonly draft: unknown;
}

/** What another item of the batch, which asks for the same, was answered with. */
export type Copied =
  | { readonly ok: true; readonly requestId: string; readonly body: string }
  | { readonly ok: false; readonly requestId: string; readonly error: ErrorCode; readonly message: string };

/** One try of one item. */
export interface ItemWork {
  readonly owner: BatchOwner;
  readonly endpoint: BatchEndpoint;
  readonly input: Readonly<Record<string, unknown>>;
  /** The id to begin with. */
  readonly requestId: string;
  /** The answer is a copy of this; nothing is fetched. */
  readonly copyOf: Copied | null;
  /** The time of its batch is over: it is to be answered with an error. */
  readonly isLate: boolean;
  /** Aborted when the process is going down: the item is tried again later. */
  readonly signal: AbortSignal;
  /** Must resolve before the result is paid for. @throws TryLost: then nothing may be paid. */
  readonly keep: (kept: Kept) => Promise<void>;
}

/** What the floor above does for items. */
export interface ItemRunner {
  /**
   * Carries a try out: reserves, fetches, reads, keeps, pays, writes its trace. Rejects when it does not know what became of the payment, and
   * when the try was lost: recovery looks into it.
   */
  readonly run: (work: ItemWork) => Promise<ItemOutcome>;
  /** Credits that were captured under a request id, whose hold is closed by this: from now on none can be. */
  readonly paid: (owner: BatchOwner, requestId: string) => Promise<number>;
  /** Writes what a dead process had yet to write of a paid result. May be repeated. */
  readonly close: (owner: BatchOwner, requestId: string, draft: unknown) => Promise<void>;
}

/** The try is no longer this process's: another one took the item, or it was taken for dead. */
export class TryLost extends Error {
  override name = 'TryLost';

  constructor() {
    super('this try of the item was taken away');
  }
}
