import { start } from './compose.ts';
import { ConfigError, readConfig } from './config.ts';
import { greet } from './greeting.ts';

/** The only place that reads the environment, listens for signals and ends the process. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const isTerminal = process.stdout.isTTY;
  const running = await start(config, { isTerminal });
  greet(running, { isTerminal, print: (line) => console.log(line) });
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    running.log.info({ signal }, 'shutting down');
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        running.log.fatal({ err: error }, 'the shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** An error that is a sentence for the operator ends as that one line; anything else is a bug and shows its stack. */
main().catch((error: unknown) => {
  if (error instanceof ConfigError) for (const problem of error.problems) console.error(`Setting ${problem}.`);
  else if (error instanceof Error && OPERATOR_ERRORS.has(error.name)) console.error(error.message);
  else if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    console.error(
      `${error.message}: another program listens there. Stop it, or set ASA_PORT to another port (0 takes any free one).`,
    );
  } else console.error(error);
  process.exit(1);
});

const OPERATOR_ERRORS: ReadonlySet<string> = new Set(['StoreError', 'StoreInUseError', 'MigrationError', 'StartError']);
