import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Reconciliation, RefundsAnswer } from '@asa/contract';

/**
 * `npm run reconcile -- [--url URL] [--token-file FILE] [--hours N] [--refund all|REQUEST_ID,...]`: the reconciliation report of a running
 * server, and refunds of what it lists as doubtful. Exit 0: nothing is to be done; 1: something is; 2: it could not be asked.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    'token-file': { type: 'string', default: '.asa/admin-token' },
    hours: { type: 'string', default: '24' },
    refund: { type: 'string' },
  },
});

async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
  const token = (await readFile(values['token-file'], 'utf8')).trim();
  const response = await fetch(`${values.url}/admin/v1/reconciliation${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text);
}

async function main(): Promise<number> {
  if (values.refund !== undefined) {
    const request_ids = values.refund === 'all' ? 'all' : values.refund.split(',');
    const { refunded, not_refunded } = RefundsAnswer.parse(await ask('POST', '/refunds', { request_ids }));
    for (const one of refunded)
      console.log(`refunded ${one.credits} credits of ${one.refunded_request_id} to ${one.workspace}`);
    for (const id of not_refunded) console.log(`not refunded: ${id} is not doubtful`);
  }
  const report = Reconciliation.parse(await ask('GET', `?hours=${encodeURIComponent(values.hours)}`));
  console.log(`Captures since ${report.since}: ${report.captures}, refunds ${report.refunded}.`);
  console.log(`Answers on their way: ${report.answers_on_their_way}.`);
  console.log(
    `Paid for and not known to have been answered: ${report.doubtful_count} (${report.doubtful_credits} credits).`,
  );
  for (const one of report.doubtful)
    console.log(`  ${one.request_id} of ${one.workspace}: ${one.credits} credits at ${one.captured_at} (${one.why})`);
  console.log(`Ledger and traces differ: ${report.differences_count}.`);
  for (const one of report.differences)
    console.log(
      `  ${one.request_id} of ${one.workspace}: ${one.what} (captured ${one.captured}, trace ${one.traced_status ?? 'none'})`,
    );
  const { checked, wrong } = report.balances;
  console.log(
    `Balances: ${checked} checked, ${wrong.length} wrong${wrong.length === 0 ? '' : `: ${wrong.join(', ')}`}.`,
  );
  console.log(`Holds of dead processes: ${report.holds_of_dead_processes}.`);
  return report.doubtful_count + report.differences_count + wrong.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`The report could not be had: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
