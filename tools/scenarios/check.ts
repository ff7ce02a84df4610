import type { Call, Step } from './types.ts';

const SERVICE = 'http://service';

/** What is wrong with one call of a client; `before` are the calls of the same run that came earlier. Pure. */
export function problemsOf(call: Call, step: Step | undefined, before: readonly Call[], apiKey: string): string[] {
  const n = before.length + 1;
  if (step === undefined) return [`call ${n} (${call.method} ${call.url}) was not expected`];
  const problems: string[] = [];
  const say = (text: string): unknown => problems.push(`call ${n}: ${text}`);
  const [method = '', wanted = ''] = step.request.split(' ');
  const url = new URL(call.url, SERVICE);
  const expected = new URL(wanted, SERVICE);
  if (call.method !== method || url.pathname !== expected.pathname)
    say(`was ${call.method} ${url.pathname}, not ${method} ${expected.pathname}`);
  if (expected.search !== '' && pairs(url) !== pairs(expected))
    say(`has the query ${pairs(url)}, not ${pairs(expected)}`);
  if (call.url.includes(apiKey)) say('has the key in its URL');
  if (call.headers['authorization'] !== `Bearer ${apiKey}`) say('has not the header Authorization: Bearer <key>');
  if (!/^asa-[\w-]+\/\S+/.test(call.headers['user-agent'] ?? ''))
    say(`has the User-Agent "${call.headers['user-agent'] ?? ''}", not asa-<client>/<version>`);
  if (!/json/.test(call.headers['accept'] ?? '')) say(`has the Accept "${call.headers['accept'] ?? ''}", not JSON`);
  if (method === 'POST') {
    const key = call.headers['idempotency-key'] ?? '';
    const last = before.findLast((other) => other.method === 'POST')?.headers['idempotency-key'];
    if (key === '') say('has no Idempotency-Key');
    else if (step.new_key === true && key === last) say('has the Idempotency-Key of the call before');
    else if (step.new_key !== true && last !== undefined && key !== last) say('has another Idempotency-Key');
    if (!(call.headers['content-type'] ?? '').startsWith('application/json')) say('has not the Content-Type of JSON');
  }
  return problems;
}

const pairs = (url: URL): string =>
  JSON.stringify([...url.searchParams].map(([name, value]) => `${name}=${value}`).toSorted());
