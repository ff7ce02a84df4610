/**
 * Batches on the sandbox beside requests that somebody waits for, on the same server and in turns: whole items a second and the CPU time of one,
 * and whether every count is right. The server is on one core, the client on the other.
 *
 * `BATCHES=50 ITEMS=1000 npm run bench batch` is the whole of it; the default is a tenth.
 */
import { against, createClient, crowd } from './load/client.ts';
import { cpuSeconds, hasTaskset, pin, startServerProcess, type ServerProcess } from './load/processes.ts';

const BATCHES = Number(process.env['BATCHES'] ?? 5);
const ITEMS = Number(process.env['ITEMS'] ?? 1000);
/** Batches are carried out in so many parts, with requests between them. */
const ROUNDS = Math.min(BATCHES, Number(process.env['ROUNDS'] ?? 5));
const SECONDS = Number(process.env['SECONDS'] ?? 10);
/** Enough to keep the server's core busy, and few enough that none waits until it is refused. */
const CALLERS = 8;
const GOAL = 0.8;

interface Cost {
  readonly done: number;
  readonly seconds: number;
  /** CPU time of the server and all it started, in seconds; of that, the server's own process. */
  readonly cpu: number;
  readonly own: number;
}
interface Status {
  readonly id: string;
  readonly status: string;
  readonly total_count: number;
  readonly processed_count: number;
  readonly success_count: number;
  readonly failure_count: number;
  readonly completed_at: string | null;
}

const add = (a: Cost, b: Cost): Cost => ({
  done: a.done + b.done,
  seconds: a.seconds + b.seconds,
  cpu: a.cpu + b.cpu,
  own: a.own + b.own,
});
const NOTHING: Cost = { done: 0, seconds: 0, cpu: 0, own: 0 };
const perSecond = ({ done, seconds }: Cost): number => done / seconds;
const cpuMs = ({ done, cpu }: Cost): number => (cpu / done) * 1000;
const told = (cost: Cost): string =>
  `${cpuMs(cost).toFixed(2)} ms (the database ${(cpuMs(cost) - (cost.own / cost.done) * 1000).toFixed(2)})`;

/** Every product is another one, so that nothing is carried out for two at once. */
let product = 0;
const nextAsin = (): string => `B${(product++).toString(36).toUpperCase().padStart(9, '0')}`;

async function measured(server: ServerProcess, work: () => Promise<number>): Promise<Cost> {
  const spent = (): { all: number; own: number } => cpuSeconds(server.pid) ?? { all: Number.NaN, own: Number.NaN };
  const before = spent();
  const started = performance.now();
  const done = await work();
  const seconds = (performance.now() - started) / 1000;
  const after = spent();
  return { done, seconds, cpu: after.all - before.all, own: after.own - before.own };
}

async function run(): Promise<void> {
  const [core, other] = hasTaskset() ? [0, 1] : [null, null];
  if (other !== null) pin(process.pid, other);
  const server = await startServerProcess({ ASA_LOG_LEVEL: 'warn', ASA_EXTRACT_THREADS: '1' }, core);
  try {
    const [key = ''] = await server.keys(1, { mode: 'test' });
    const headers = { authorization: `Bearer ${key}` };
    const client = createClient(headers);
    const alone = async (ms: number): Promise<number> => {
      const { answered, failed } = await crowd({
        size: CALLERS,
        rampMs: 0,
        lastMs: ms,
        ask: async () => (await client.get(`${server.url}/api/v1/amazon/product?query=${nextAsin()}`)).status === 200,
      });
      if (failed > 0) console.log(`  ${failed} requests FAILED`);
      return answered;
    };
    const make = async (): Promise<string> => {
      const items = Array.from({ length: ITEMS }, () => ({ query: nextAsin() }));
      const response = await fetch(`${server.url}/api/v1/amazon/batch`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ endpoint: 'amazon.product', items }),
      });
      if (response.status !== 201) throw new Error(await response.text());
      return ((await response.json()) as Status).id;
    };
    const statusOf = async (id: string): Promise<Status> =>
      JSON.parse(String((await client.get(`${server.url}/api/v1/amazon/batch/${id}?results=false`)).body)) as Status;
    const ended = async (id: string): Promise<Status> => {
      for (;;) {
        const status = await statusOf(id);
        if (status.completed_at !== null) return status;
        await new Promise((again) => setTimeout(again, 500));
      }
    };

    await alone(3000);
    // From the request until the first result is there, with nothing else to do.
    const started = performance.now();
    const warm = await make();
    while ((await statusOf(warm)).processed_count === 0) await new Promise((again) => setTimeout(again, 5));
    console.log(
      `first result of a batch of ${ITEMS}: ${Math.round(performance.now() - started)} ms after it was sent (goal 2000)`,
    );
    await ended(warm);

    let ofRequests = NOTHING;
    let ofBatches = NOTHING;
    let right = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      ofRequests = add(ofRequests, await measured(server, () => alone(SECONDS * 1000)));
      const count = Math.floor(((round + 1) * BATCHES) / ROUNDS) - Math.floor((round * BATCHES) / ROUNDS);
      const part = await measured(server, async () => {
        const ids: string[] = [];
        for (let i = 0; i < count; i += 1) ids.push(await make());
        for (const id of ids) {
          const { status, total_count: total, processed_count: processed, success_count: ok } = await ended(id);
          if (status === 'complete' && total === ITEMS && processed === ITEMS && ok === ITEMS && (await complete(id)))
            right += 1;
          else console.log(`  batch ${id} has ${ok} of ${total}: ${status}`);
        }
        return count * ITEMS;
      });
      ofBatches = add(ofBatches, part);
      console.log(
        `  after round ${round + 1}: ${right} batches right, CPU of a request ${told(ofRequests)}, of an item ${told(ofBatches)}`,
      );
    }
    /** Whether each item has one result, in order. */
    async function complete(id: string): Promise<boolean> {
      const { body } = await client.get(`${server.url}/api/v1/amazon/batch/${id}/results`);
      const lines = body.toString().trimEnd().split('\n');
      return (
        lines.length === ITEMS &&
        lines.every((line, index) => line.startsWith(`{"index":${index},`) && line.includes('"status":"ok"'))
      );
    }
    for (const [name, cost] of [
      ['requests', ofRequests],
      ['items of batches', ofBatches],
    ] as const)
      console.log(
        `${name}: ${cost.done} in ${cost.seconds.toFixed(1)} s = ${perSecond(cost).toFixed(1)} a second, CPU of one ${told(cost)}`,
      );
    console.log(`batches with all counts right: ${against(right === BATCHES, `${right} of ${BATCHES}`)}`);
    const ratio = cpuMs(ofRequests) / cpuMs(ofBatches);
    console.log(
      `throughput of a core, batches to requests (by CPU time): ${ratio.toFixed(2)}, ${against(ratio >= GOAL, `at least ${GOAL}`)}`,
    );
    console.log(`the same by the clock: ${(perSecond(ofBatches) / perSecond(ofRequests)).toFixed(2)}`);
    client.close();
  } finally {
    await server.stop();
  }
}

await run();
