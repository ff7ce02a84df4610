import type { ErrorCode } from '@asa/contract';

/** Answers given before anything was done for the request, as often as somebody likes to ask. */
const EARLY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unauthorized',
  'revoked',
  'rate_limited',
  'invalid_params',
  'not_implemented',
  'forbidden_region',
  'capacity',
]);

/**
 * Which rejections leave a trace and a line in the log: all, as long as they are few. A key that is refused thousands of times a second must
 * cost neither the disk nor the callers beside it; what is left out is counted (`asa_rejections_unrecorded_total`).
 */
export interface Rejections {
  /** Whether this one is recorded. `from` is the key, or one word for all callers that nobody knows. */
  readonly isRecorded: (code: ErrorCode, attempts: number, from: string) => boolean;
}

interface RejectionsOptions {
  /** Milliseconds. */
  readonly now: () => number;
  /** Called for each that is left out. */
  readonly onUnrecorded: () => void;
}

/** Recorded in each second, of one key and of all together. */
const EACH = 50;
const ALL = 500;

export function createRejections({ now, onUnrecorded }: RejectionsOptions): Rejections {
  let second = 0;
  let all = 0;
  // Emptied each second, and never larger than `ALL`.
  const each = new Map<string, number>();
  return {
    isRecorded(code, attempts, from) {
      if (attempts > 0 || !EARLY.has(code)) return true;
      const current = Math.floor(now() / 1000);
      if (current !== second) {
        second = current;
        all = 0;
        each.clear();
      }
      const count = each.get(from) ?? 0;
      if (count >= EACH || all >= ALL) {
        onUnrecorded();
        return false;
      }
      each.set(from, count + 1);
      all += 1;
      return true;
    },
  };
}
