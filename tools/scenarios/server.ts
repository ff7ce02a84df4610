import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { answerOf, type Answer, type Material } from './answer.ts';
import { problemsOf } from './check.ts';
import type { Call, Fault, ScenarioFile } from './types.ts';

const VECTORS = join(import.meta.dirname, '..', '..', 'spec', 'vectors');
const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(VECTORS, ...path), 'utf8'));

/** The scenarios as they are written. */
export const scenarioFile = (): ScenarioFile => read('scenarios.json') as ScenarioFile;
export const material = (): Material => ({
  codes: (read('..', 'clients.json') as { codes: Material['codes'] }).codes,
  samples: read('samples.json') as Material['samples'],
});

export interface ScenarioServer {
  /** `http://127.0.0.1:<port>`; a run's base URL is `<url>/run/<scenario>/<any id>`. */
  readonly url: string;
  close(): Promise<void>;
}

/** What `GET /report/<scenario>/<id>` answers. */
export interface Report {
  readonly calls: number;
  /** What was wrong with the calls on the wire; empty when all was well. */
  readonly problems: readonly string[];
  readonly requests: readonly Call[];
}

/** A call larger than this is cut; no client sends one. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Starts the server on a free port of this machine. Each run has a script position of its own, so runs may go side by side. */
export async function startScenarios(file: ScenarioFile = scenarioFile()): Promise<ScenarioServer> {
  const scenarios = new Map(file.scenarios.map((scenario) => [scenario.name, scenario]));
  const runs = new Map<string, { calls: Call[]; problems: string[] }>();
  const runOf = (name: string): { calls: Call[]; problems: string[] } => {
    const run = runs.get(name) ?? { calls: [], problems: [] };
    runs.set(name, run);
    return run;
  };
  const parts = material();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, kind, name = '', id = '', rest = ''] =
      /^\/(run|report)\/([^/?]+)\/([^/?]+)(.*)$/s.exec(request.url ?? '') ?? [];
    const scenario = scenarios.get(name);
    if (kind === undefined || scenario === undefined) {
      json(response, 404, {
        problem: `${request.url ?? ''} is not /run/<scenario>/<id>/... or /report/<scenario>/<id>`,
      });
      return;
    }
    const run = runOf(`${name}/${id}`);
    if (kind === 'report') {
      const report: Report = { calls: run.calls.length, problems: run.problems, requests: run.calls };
      json(response, 200, report);
      return;
    }
    const call = await readCall(request, rest);
    const step = scenario.script[run.calls.length];
    run.problems.push(...problemsOf(call, step, run.calls, file.api_key));
    run.calls.push(call);
    if (step === undefined) {
      json(response, 599, { problem: 'the script of this scenario is over' });
      return;
    }
    const requestId = `req_${run.calls.length.toString(16).padStart(12, '0')}`;
    const base = `http://${request.headers.host ?? ''}/run/${name}/${id}`;
    await play(response, answerOf(step, parts, requestId, base), step.fault);
  };

  const server = createServer((request, response) => {
    // Without this, some HTTP clients send a call again by themselves when a connection that they reuse breaks.
    response.setHeader('connection', 'close');
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) json(response, 598, { problem: String(error) });
      else response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readCall(request: IncomingMessage, url: string): Promise<Call> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) if (body.length < MAX_BODY_BYTES) body += String(chunk);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { method: request.method ?? '', url, headers, body };
}

/** Parts of a slow body, and the time between two of them. */
const DRIBBLES = 12;
const DRIBBLE_MS = 4;

async function play(response: ServerResponse, answer: Answer, fault: Fault | undefined): Promise<void> {
  const bytes = Buffer.from(answer.body);
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  const headers = { ...answer.headers };
  const whole = { ...headers, 'content-length': String(bytes.length) };
  const { socket } = response;
  switch (fault) {
    case undefined:
      response.writeHead(answer.status, whole).end(bytes);
      return;
    case 'reset':
      socket?.resetAndDestroy();
      return;
    case 'silent': // Until the client hangs up or the server closes.
      return;
    case 'truncate':
      response.writeHead(answer.status, { ...headers, 'content-length': String(half.length) }).end(half);
      return;
    case 'reset_in_body':
      response.writeHead(answer.status, whole);
      response.write(half, () => socket?.destroy());
      return;
    case 'stall':
      response.writeHead(answer.status, whole).write(half);
      return;
    case 'reset_after_lines':
      // No last chunk comes: the stream was cut.
      response.writeHead(answer.status, headers);
      response.write(bytes, () => socket?.destroy());
      return;
    case 'dribble': {
      response.writeHead(answer.status, headers);
      const size = Math.ceil(bytes.length / DRIBBLES);
      for (let at = 0; at < bytes.length; at += size) {
        response.write(bytes.subarray(at, at + size));
        await new Promise((resolve) => setTimeout(resolve, DRIBBLE_MS));
      }
      response.end();
    }
  }
}
