import { startScenarios } from './server.ts';

/** The scenario server as a process: prints one line of JSON, `{"url": "http://127.0.0.1:<port>"}`, and ends with its standard input. */
const server = await startScenarios();
console.log(JSON.stringify({ url: server.url }));

const end = (): void => {
  void server.close().then(() => process.exit(0));
};
// A parent that is gone closes the pipe: nothing is left behind.
process.stdin.resume().on('end', end).on('error', end);
process.on('SIGTERM', end);
process.on('SIGINT', end);
