import { AmazonScraperAPIError, CLIENT_CODES, CODES, FAMILIES } from 'asa-client';
import { printable, type Paint } from './world.ts';

/** Exit codes that are not those of an error family; those are in the table of the client. */
export const EXIT = {
  ok: 0,
  /** Something unforeseen, or a check that did not pass. */
  failed: 1,
  usage: 2,
  /** Some of many items failed; each says so in the output. */
  some: 15,
  cancelled: FAMILIES.cancelled.exitCode,
} as const;

/** A mistake of the user that no server has to be asked about. */
export class UsageError extends Error {}

/** Ends the command with this code, everything having been said already. */
export class Exit extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** What to do about a code, by the tables of the client; null when it is not in them. */
export const remedyOf = (code: string): string | null => {
  const rows: Readonly<Record<string, { readonly remedy: string }>> = { ...CODES, ...CLIENT_CODES };
  return Object.hasOwn(rows, code) ? (rows[code]?.remedy ?? null) : null;
};

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : error.message);

/** What is told of an error, and the exit code. Pure. */
export function explain(error: unknown, paint: Paint): { readonly words: string; readonly exitCode: number } {
  const head = paint('red', 'error:');
  if (error instanceof AmazonScraperAPIError) {
    const { code, family, requestId, attempts, retryAfterMs, docsUrl, message } = error;
    const remedy = remedyOf(code);
    const facts = [
      ...(requestId === null ? [] : [`request ${requestId}`]),
      ...(attempts > 1 ? [`${attempts} attempts`] : []),
      ...(retryAfterMs === null ? [] : [`again in ${Math.ceil(retryAfterMs / 1000)} s`]),
      ...(docsUrl === null ? [] : [docsUrl]),
    ];
    const lines = [
      `${head} ${paint('bold', code)}: ${printable(message)}`,
      ...(remedy === null ? [] : [`  ${remedy}`]),
      ...(facts.length === 0 ? [] : [`  ${paint('dim', facts.join(' · '))}`]),
    ];
    return { words: lines.join('\n'), exitCode: FAMILIES[family].exitCode };
  }
  // A file that was named and cannot be opened.
  if (error instanceof Error && 'syscall' in error && error.syscall === 'open' && 'path' in error)
    return {
      words: `${head} ${printable(String(error.path))} cannot be opened (${codeOf(error)}).`,
      exitCode: EXIT.usage,
    };
  if (error instanceof UsageError || error instanceof TypeError)
    return { words: `${head} ${printable(error.message)}`, exitCode: EXIT.usage };
  const told = error instanceof Error ? error.message : String(error);
  return { words: `${head} ${printable(told)}`, exitCode: EXIT.failed };
}
