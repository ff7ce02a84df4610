import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startOrigin } from './server.ts';

/** `npm run origin -- --port 9100 [--replay FOLDER]`: the origin as a process of its own. */

const USAGE = 'usage: npm run origin -- [--port 9100] [--host 127.0.0.1] [--replay FOLDER] [--quiet]';

function fail(problem: string): never {
  console.error(`${problem}\n${USAGE}`);
  process.exit(2);
}

function readFlags() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '9100' },
        host: { type: 'string', default: '127.0.0.1' },
        replay: { type: 'string' },
        quiet: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    return fail(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

const flags = readFlags();
const port = Number(flags.port);
if (!/^\d{1,5}$/.test(flags.port) || port > 65_535)
  fail(`--port must be a number from 0 to 65535, not "${flags.port}"`);

// npm runs scripts in the folder of the package; a relative folder is meant from where the command was typed.
const replay = flags.replay === undefined ? undefined : resolve(flags.replay);
const origin = await startOrigin({
  port,
  host: flags.host,
  ...(replay === undefined ? {} : { replay }),
  ...(flags.quiet ? {} : { log: (line: string) => console.log(line) }),
}).catch((error: unknown) =>
  fail(`The origin cannot start: ${error instanceof Error ? error.message : String(error)}`),
);

console.log(`The origin listens on ${origin.url}${replay === undefined ? '' : ` and replays ${replay}`}`);
console.log(`  example: curl --compressed ${origin.url}/co.uk/dp/B000000000`);
console.log(`  for the server: ASA_ORIGIN_URL='${origin.urlTemplate}'`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void origin.close().then(() => process.exit(0));
  });
}
