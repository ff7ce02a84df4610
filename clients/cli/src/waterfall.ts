import type { Trace } from 'asa-client';
import { printable, type Paint } from './world.ts';

/** Characters of the longest bar. */
const BAR = 40;

/** A trace as lines to read: what was asked, how long each stage took, and what each attempt at the marketplace brought. Pure. */
export function waterfall(trace: Trace, paint: Paint): string[] {
  const total = Math.max(1, trace.duration_ms);
  const bar = (fromMs: number, ms: number): string => {
    const from = Math.min(BAR - 1, Math.max(0, Math.floor((fromMs / total) * BAR)));
    const length = Math.min(BAR - from, Math.max(1, Math.round((ms / total) * BAR)));
    return `${' '.repeat(from)}${'█'.repeat(length)}${' '.repeat(BAR - from - length)}`;
  };
  const outcome =
    trace.error === null ? paint('green', String(trace.status)) : paint('red', `${trace.status} ${trace.error}`);
  const lines = [
    `${paint('bold', trace.request_id)}  ${trace.endpoint}  ${outcome}  ${time(trace.duration_ms)}  ${trace.credits} credits  key ${trace.key}`,
    paint('dim', printable(parameters(trace.params))),
    `received ${trace.received_at}${trace.resolved_url === null ? '' : `  page ${printable(trace.resolved_url)}`}`,
    '',
  ];
  const width = Math.max(0, ...trace.stages.map(({ name }) => name.length), '  attempt 10'.length);
  let at = 0;
  for (const { name, ms } of trace.stages) {
    lines.push(`${paint('cyan', name.padEnd(width))} |${bar(at, ms)}| ${time(ms)}`);
    if (name === 'fetch') lines.push(...attempts(trace, width, bar, paint));
    at += ms;
  }
  if (!trace.stages.some(({ name }) => name === 'fetch')) lines.push(...attempts(trace, width, bar, paint));
  const { version, fields_found: found, fields_missing: missing, fields_failed: failed } = trace.extractor;
  if (found.length + missing.length + failed.length > 0) {
    lines.push('', `extractor ${version}: ${found.length} fields found, ${missing.length} not on the page`);
    if (failed.length > 0) lines.push(paint('red', `  failed: ${failed.join(', ')}`));
  }
  return lines;
}

function attempts(trace: Trace, width: number, bar: (from: number, ms: number) => string, paint: Paint): string[] {
  const start = Date.parse(trace.received_at);
  return trace.attempts.flatMap((one) => {
    const ok = one.verdict === 'product' || one.verdict === 'list' || one.verdict === 'no_results';
    const verdict = paint(ok ? 'green' : 'yellow', one.verdict);
    const facts = [
      time(one.duration_ms),
      one.status === null ? 'no answer' : `HTTP ${one.status}`,
      `${one.tier}${one.exit_country === null ? '' : ` ${one.exit_country}`}`,
      size(one.bytes),
      ...(one.hedge ? ['hedge'] : []),
      ...(one.shared ? ['shared'] : []),
      ...(one.error === null ? [] : [printable(one.error)]),
    ];
    const name = `  attempt ${one.n}`.padEnd(width);
    return [`${name} |${bar(Date.parse(one.started_at) - start, one.duration_ms)}| ${verdict}  ${facts.join(', ')}`];
  });
}

const parameters = (params: Trace['params']): string =>
  Object.entries(params)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');

const time = (ms: number): string => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`);
const size = (bytes: number): string => (bytes >= 10_000 ? `${Math.round(bytes / 1000)} kB` : `${bytes} B`);
