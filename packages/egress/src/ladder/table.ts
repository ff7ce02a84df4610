import { VERDICTS, verdictClass, type Verdict } from '@asa/contract';
import { finalError } from './final-error.ts';
import { MAX_UNREADABLE, retryRule } from './rules.ts';

/**
 * The ladder as a Markdown table, read off `finalError` and the retry rules: one row for the verdicts that are treated alike,
 * one column for what is left of attempts and budget.
 */
export function ladderTable(): string {
  const rows = groups().flatMap((verdicts) => {
    const [last] = verdicts;
    const kind = verdictClass(last);
    const counts = kind === 'unreadable' ? Array.from({ length: MAX_UNREADABLE }, (_, i) => i + 1) : [0];
    return counts.map((unreadable) => {
      const names = verdicts.map((verdict) => `\`${verdict}\``).join(' ');
      const nth = kind === 'unreadable' ? `${names} (${unreadable} of ${MAX_UNREADABLE})` : names;
      const cell = (attemptsLeft: boolean, budgetLeft: boolean): string => {
        const end = finalError({ last, unreadable, attemptsLeft, budgetLeft });
        if (end === null) return again(last);
        return end === 'ok' ? 'the answer' : `\`${end}\``;
      };
      return [kind, nth, cell(true, true), cell(false, true), cell(true, false), cell(false, false)];
    });
  });
  const head = [
    'class',
    'the last attempt brought',
    'attempts and time left',
    'attempts used up',
    'time used up',
    'both used up',
  ];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n') + '\n';
}

/** Verdicts of one class with one last word and one rule, in the order of the table. */
function groups(): [Verdict, ...Verdict[]][] {
  const found = new Map<string, [Verdict, ...Verdict[]]>();
  for (const verdict of Object.keys(VERDICTS) as Verdict[]) {
    const rule = retryRule(verdict);
    const id = `${verdictClass(verdict)} ${VERDICTS[verdict].lastWord ?? ''} ${JSON.stringify(rule)}`;
    const group = found.get(id);
    if (group === undefined) found.set(id, [verdict]);
    else group.push(verdict);
  }
  return [...found.values()];
}

function again(verdict: Verdict): string {
  const rule = retryRule(verdict);
  if (rule === null) throw new Error(`no attempt follows ${verdict}`);
  const { climbAfter, freshSession, delayMs } = rule;
  const tier =
    climbAfter === null ? 'same tier' : climbAfter === 1 ? 'next tier' : `next tier after ${climbAfter} in a row`;
  const how = [tier, ...(freshSession ? ['fresh session'] : [])];
  return `again: ${how.join(', ')}, after ${delayMs[0]}-${delayMs[1]} ms`;
}
