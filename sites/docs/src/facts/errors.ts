import { ERROR_CODES, errorBody, errorRow, ERRORS, SANDBOX, SANDBOX_LIMITS, type ErrorCode } from '@asa/contract';
import { ADVICE } from '../advice.ts';
import { SAMPLE_URL } from '../site.ts';
import { code, table } from './table.ts';

/** The facts of the error page; the advice in words is `advice.ts`. */

/** Whether it is retried, in words, with the header a client sees. */
function retryText(name: ErrorCode): string {
  const { retryable, retryAfter } = errorRow(name);
  if (!retryable) return 'No (`Asa-Retryable: false`).';
  const after =
    retryAfter.kind === 'fixed'
      ? `${retryAfter.seconds} seconds (\`Retry-After: ${retryAfter.seconds}\`)`
      : 'the seconds in `Retry-After`, which are computed';
  return `Yes (\`Asa-Retryable: true\`), after ${after}.`;
}

/** The ASIN that provokes this error with a test key, if there is one. */
const sandboxAsin = (name: ErrorCode): string | null =>
  Object.entries(SANDBOX).find(([, row]) => row.outcome === name)?.[0] ?? null;

export const errorTable = (): string =>
  table(
    ['Status', 'Code', 'What it is', 'Retry', 'Wait'],
    ERROR_CODES.map((name) => {
      const { status, title, retryable, retryAfter } = errorRow(name);
      const wait =
        retryAfter.kind === 'none' ? '' : retryAfter.kind === 'fixed' ? `${retryAfter.seconds} s` : 'computed';
      return [String(status), `[\`${name}\`](#${name})`, title, retryable ? 'yes' : 'no', wait];
    }),
  );

/** Only what may be sent again. */
export const retryTable = (): string =>
  table(
    ['Code', 'Wait', 'Advice'],
    ERROR_CODES.filter((name) => ERRORS[name].retryable).map((name) => {
      const { retryAfter, remedy } = errorRow(name);
      return [
        `[\`${name}\`](#${name})`,
        retryAfter.kind === 'fixed' ? `${retryAfter.seconds} s` : '`Retry-After`',
        remedy,
      ];
    }),
  );

export const errorSections = (): string => ERROR_CODES.map(section).join('\n\n');

function section(name: ErrorCode): string {
  const { status, title, when, remedy } = errorRow(name);
  const { sample, advice, provoke } = ADVICE[name];
  const asin = sandboxAsin(name);
  const how =
    provoke ??
    (asin === null
      ? null
      : `Ask for this ASIN with a test key${name === 'upstream_timeout' ? `. It answers after ${SANDBOX_LIMITS.budgetMs / 1000} s, the whole time the sandbox gives to a page` : ''}:`);
  const request = provoke === undefined && asin !== null ? `/api/v1/amazon/product?query=${asin}` : null;
  return [
    `## ${code(name)} {#${name}}`,
    '',
    `**${status} · ${title}.**`,
    '',
    `**When it happens.** ${when}`,
    '',
    `**What to do.** ${remedy} ${advice}`.trim(),
    '',
    `**Retried?** ${retryText(name)}`,
    '',
    '```json',
    JSON.stringify(errorBody(name, sample, SAMPLE_URL, 'req_9f2c8a1b3e4d'), null, 2),
    '```',
    '',
    ...(how === null ? [] : [`**Provoke it.** ${how}`, '']),
    ...(request === null
      ? []
      : ['```bash', `curl -s -H "Authorization: Bearer $ASA_API_KEY" "${SAMPLE_URL}${request}"`, '```', '']),
  ].join('\n');
}
