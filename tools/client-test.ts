import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { columnProblems, type ClientName } from './scenarios/table.ts';
import type { Tool } from './toolchains.ts';

/** What the tests of clients in other languages need: their tools, their commands, their results. */

/** The path of a tool. Where it is missing the test is skipped, loudly; in CI it fails. */
export function toolOf(context: TestContext, tool: Tool): string | null {
  if ('path' in tool) return tool.path;
  assert.ok(process.env['CI'] === undefined, tool.missing);
  console.error(`SKIPPED: ${context.name}: ${tool.missing}`);
  context.skip(tool.missing);
  return null;
}

export interface Command {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Runs a command to its end and answers what it printed. @throws AssertionError with all of that when it fails. */
export async function run(command: string, args: readonly string[], options: Command): Promise<string> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs ?? 240_000,
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const code = await new Promise((ended, failed) => {
    child.once('error', failed);
    child.once('close', (status, signal) => ended(status ?? signal));
  });
  assert.equal(code, 0, `${command} ${args.join(' ')} ended with ${String(code)}:\n${printed.slice(-8000)}`);
  return printed;
}

/** Holds the columns of the table against the lines that a client's own tests wrote. */
export async function checkColumns(clients: readonly ClientName[], file: string): Promise<void> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as { client: string; scenario: string; outcome: string });
  for (const client of clients) {
    const own = rows.filter((row) => row.client === client);
    assert.deepEqual(columnProblems(client, new Map(own.map((row) => [row.scenario, row.outcome]))), []);
  }
}
