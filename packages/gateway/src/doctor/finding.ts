/** What one check of the doctor found. `fail` needs the operator; `warn` may; `skip` was not looked at. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail' | 'skip';
  /** What was looked at, in a word or two. */
  readonly what: string;
  /** What was found. */
  readonly say: string;
  /** How to mend it, for `fail` and `warn`. */
  readonly mend?: string;
}

export const ok = (what: string, say: string): Finding => ({ state: 'ok', what, say });
export const skip = (what: string, say: string): Finding => ({ state: 'skip', what, say });
export const warn = (what: string, say: string, mend: string): Finding => ({ state: 'warn', what, say, mend });
export const fail = (what: string, say: string, mend: string): Finding => ({ state: 'fail', what, say, mend });

/** The first line of what went wrong. */
export const lineOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/\.$/, '') ?? '';
