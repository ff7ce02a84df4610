import type { Json, JsonObject, Step } from './types.ts';

/** What the answers are made of: `spec/clients.json` and `spec/vectors/samples.json`. */
export interface Material {
  readonly codes: Readonly<
    Record<string, { status: number; retryable: boolean; waitSeconds: number | null; when: string }>
  >;
  readonly samples: Readonly<Record<string, JsonObject>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** The whole body. For NDJSON with `reset_after_lines`, the lines that still arrive. */
  readonly body: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** The answer that a step describes, whole; its fault is played by the server. `base` replaces `{base}` in headers. Pure. */
export function answerOf(step: Step, material: Material, requestId: string, base: string): Answer {
  const extra = Object.fromEntries(
    Object.entries(step.headers ?? {}).map(([name, value]) => [name, value.replace('{base}', base)]),
  );
  const { status, headers, body } = core(step, material, requestId);
  return {
    status,
    headers: {
      'x-request-id': requestId,
      ...headers,
      ...(step.retry_after === undefined ? {} : { 'retry-after': step.retry_after }),
      ...extra,
    },
    body,
  };
}

function core(step: Step, material: Material, requestId: string): Answer {
  if (step.error !== undefined) return errorAnswer(step.error, material, requestId);
  const status = step.status ?? 200;
  const json = (value: Json): Answer => ({
    status,
    headers: { 'content-type': JSON_TYPE },
    body: JSON.stringify(value),
  });
  if (step.sample !== undefined) {
    const item = (over: JsonObject): JsonObject => ({ ...sample('batch_item', material), ...over });
    const results = step.results === undefined ? {} : { results: step.results.map(item) };
    return json({ ...sample(step.sample, material), ...step.set, ...results });
  }
  if (step.json !== undefined) return json(step.json);
  if (step.ndjson !== undefined) {
    const separator = step.separator ?? '\n';
    const lines = step.ndjson.map((over) => JSON.stringify({ ...sample('batch_item', material), ...over }));
    return {
      status,
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines.map((line) => `${line}${separator}`).join(''),
    };
  }
  return { status, headers: {}, body: step.text ?? '' };
}

function errorAnswer(code: string, material: Material, requestId: string): Answer {
  const row = material.codes[code];
  if (row === undefined) throw new Error(`the table has no error ${code}`);
  return {
    status: row.status,
    headers: {
      'content-type': JSON_TYPE,
      'asa-cost': '0',
      'asa-attempts': '0',
      'asa-retryable': String(row.retryable),
      ...(row.waitSeconds === null ? {} : { 'retry-after': String(row.waitSeconds) }),
    },
    body: JSON.stringify({
      error: code,
      message: row.when,
      docs_url: `https://asa.example/docs/guides/errors#${code}`,
      request_id: requestId,
    }),
  };
}

function sample(name: string, material: Material): JsonObject {
  const found = material.samples[name];
  if (found === undefined) throw new Error(`there is no sample ${name}`);
  return found;
}
