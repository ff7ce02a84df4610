import { isatty } from 'node:tty';
import { StoreError } from '@asa/store';
import { start, type Running } from './compose.ts';
import { ConfigError, misspeltNames, readConfig } from './config.ts';
import { runDoctor } from './doctor/doctor.ts';
import { greet } from './greeting.ts';
import { StartError } from './secrets.ts';

/** The only place that reads the environment, listens for signals and ends the process. */
async function main(): Promise<void> {
  // Requests go where the tiers say. A native client would follow these, unseen.
  for (const name of PROXY_VARIABLES) delete process.env[name];
  if (process.argv[2] === 'doctor') {
    const egress = process.argv.includes('--egress');
    const { env } = process;
    const options = { env, nodeVersion: process.versions.node, now: () => Date.now(), egress };
    process.exit(await runDoctor(options, (line) => console.log(line)));
  }
  const config = readConfig(process.env);
  const isTerminal = process.stdout.isTTY;
  // Before the start: a stop that comes during it must not leave a database behind.
  const now: { stop: { readonly signal: NodeJS.Signals; readonly at: number } | null; running: Running | null } = {
    stop: null,
    running: null,
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (now.stop === null) {
      now.stop = { signal, at: performance.now() };
      if (now.running !== null) shutDown(now.running, signal);
    } else if (performance.now() - now.stop.at > SAME_PRESS_MS) process.exit(1);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // A closed terminal ends what was started in it. Otherwise the signal means that the tiers file is to be read again.
  process.on('SIGHUP', () => {
    if (isTerminal && (config.egressFile === null || !isatty(process.stdout.fd))) onSignal('SIGHUP');
    else now.running?.reload().catch((error: unknown) => now.running?.log.error({ err: error }, 'the reload failed'));
  });
  // What a closed terminal can no longer show must not end the shutdown half-way.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const running = await start(config, { isTerminal, buildDocs: process.argv.includes('--build-docs') });
  now.running = running;
  for (const name of misspeltNames(process.env))
    running.log.warn(`${name} is no setting and is not read; .env.example lists all of them`);
  if (now.stop === null) greet(running, { isTerminal, print: (line) => console.log(line) });
  else shutDown(running, now.stop.signal);
}

const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/** One press of Ctrl-C reaches the program more than once: npm passes it on. A second one, later, is meant at once. */
const SAME_PRESS_MS = 2000;

function shutDown(running: Running, signal: NodeJS.Signals): void {
  running.log.info({ signal }, 'shutting down');
  running.close().then(
    () => process.exit(0),
    (error: unknown) => {
      running.log.fatal({ err: error }, 'the shutdown failed');
      process.exit(1);
    },
  );
}

/** An error that is a sentence for the operator ends as that one line; anything else is a bug and shows its stack. */
main().catch((error: unknown) => {
  if (error instanceof ConfigError) for (const problem of error.problems) console.error(`Setting ${problem}.`);
  else if (error instanceof StoreError || error instanceof StartError) console.error(error.message);
  else if (error instanceof Error && 'syscall' in error && /^(?:listen|getaddrinfo)$/.test(String(error.syscall))) {
    console.error(
      `The server cannot listen (${error.message}). Set ASA_HOST and ASA_PORT to a free address of this machine; port 0 takes any free one.`,
    );
  } else console.error(error);
  process.exit(1);
});
