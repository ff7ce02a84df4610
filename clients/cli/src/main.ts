#!/usr/bin/env node
import { homedir } from 'node:os';
import { run } from './program.ts';

const stopped = new AbortController();
process.once('SIGINT', () => stopped.abort(new Error('stopped by the user')));
process.once('SIGTERM', () => stopped.abort(new Error('stopped')));
// Whoever reads the output may have had enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`error: the results cannot be written (${error.code ?? error.message}).\n`);
  process.exit(1);
});

process.exitCode = await run({
  argv: process.argv.slice(2),
  env: process.env,
  home: homedir(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stopped.signal,
  now: () => Date.now(),
});
// Standard input may still be open; nothing is waited for any more.
process.stdin.unref?.();
