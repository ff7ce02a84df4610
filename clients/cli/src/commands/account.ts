import { createInterface } from 'node:readline/promises';
import { rm } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { AmazonScraperAPI, type ListRequestsParams } from 'asa-client';
import type { Command } from 'commander';
import { configPath, readConfig, writeConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../exit.ts';
import { readAll } from '../input.ts';
import { examples, whole, withPage, withShape, type Page } from '../options.ts';
import { printJson, printRecord, printRows, wantsTable, type Shape } from '../output.ts';
import { waterfall } from '../waterfall.ts';

export function addAccount(program: Command, context: () => Context): void {
  program
    .command('login')
    .description(
      'Keep a key in ~/.config/asa/config.json, readable only by you. ASA_API_KEY and ASA_BASE_URL win over it.',
    )
    .option('--admin', 'keep an admin token beside the key')
    .option('--no-verify', 'do not try it first')
    .addHelpText('after', examples('asa login', 'asa login --base-url https://asa.example < key.txt'))
    .action(async (options: { admin?: boolean; verify: boolean }) => {
      const here = context();
      const path = configPath(here.world);
      const saved = await readConfig(path);
      const secret = await askSecret(here, options.admin === true ? 'Admin token: ' : 'API key: ');
      const baseUrl = here.options.baseUrl ?? (here.world.env['ASA_BASE_URL'] || saved.base_url);
      const client = new AmazonScraperAPI(secret, { ...(baseUrl === undefined ? {} : { baseUrl }), maxAttempts: 2 });
      if (options.verify) {
        if (options.admin === true) await client.admin.listWorkspaces({ limit: 1 }, here.call);
        else await client.account(here.call);
      }
      await writeConfig(path, {
        ...saved,
        ...(options.admin === true ? { admin_token: secret } : { api_key: secret }),
        base_url: client.baseUrl,
      });
      here.say(`Kept in ${path} for ${client.baseUrl}.`);
    });

  program
    .command('logout')
    .description('Forget the key, the admin token and the address.')
    .action(async () => {
      const here = context();
      const path = configPath(here.world);
      await rm(path, { force: true });
      here.say(`Removed ${path}.`);
    });

  withShape(program.command('account').description('Plan, credits, ceilings and usage of the workspace.')).action(
    async (options: Shape) => {
      const here = context();
      const account = await (await here.client()).account(here.call);
      if (!wantsTable(here, options)) {
        printJson(here, account);
        return;
      }
      const { credits, limits } = account;
      printRecord(here, {
        workspace: account.workspace,
        plan: account.plan,
        credits: `${credits.total} (allowance ${credits.allowance_left} until ${credits.resets_at}, top-up ${credits.topup_left})`,
        held: credits.held,
        ceilings: `${limits.rps} requests a second (${limits.burst_rps} for 3 s), ${limits.concurrency} at a time, per key`,
      });
      printRows(
        here,
        ['short_prefix', 'mode', 'name', 'last_used_at', 'revoked_at'],
        account.keys.map((key) => ({ ...key })),
      );
      printRows(
        here,
        ['date', 'key', 'requests', 'succeeded', 'credits'],
        account.usage.map((day) => ({ ...day })),
      );
    },
  );

  withShape(
    program.command('trace').description('What happened to a request, as a waterfall.').argument('<request_id>'),
  )
    .addHelpText('after', examples('asa trace req_9f2c8a1b3e4d', 'asa trace req_9f2c8a1b3e4d --json | jq .attempts'))
    .action(async (id: string, options: Shape) => {
      const here = context();
      const trace = await (await here.client()).request(id, here.call);
      if (options.json === true) printJson(here, trace);
      else for (const line of waterfall(trace, here.paint)) here.print(line);
    });

  withPage(withShape(program.command('requests').description("The workspace's own requests, newest first.")))
    .option('--status <status>', 'only those answered with this status', whole(100, 599))
    .option('--error <code>', 'only those answered with this error code')
    .action(async (options: Shape & Page & { status?: number; error?: ListRequestsParams['error'] }) => {
      const here = context();
      const { limit, cursor, status, error } = options;
      const page = await (await here.client()).requests({ limit, cursor, status, error }, here.call);
      if (!wantsTable(here, options)) printJson(here, page);
      else
        printRows(
          here,
          ['request_id', 'endpoint', 'status', 'error', 'credits', 'duration_ms', 'received_at'],
          page.requests.map((one) => ({ ...one })),
        );
    });
}

/** Longest secret that is read. */
const MAX_SECRET_BYTES = 4096;

/** Asks for a secret without showing it, or reads it from a pipe. */
async function askSecret({ world }: Context, question: string): Promise<string> {
  const { stdin, stderr, signal } = world;
  let secret: string;
  if (stdin.isTTY === true) {
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const terminal = createInterface({ input: stdin, output: silent, terminal: true });
    stderr.write(question);
    try {
      secret = await terminal.question('', { signal });
    } finally {
      terminal.close();
      stderr.write('\n');
    }
  } else secret = (await readAll(stdin, MAX_SECRET_BYTES)).toString();
  secret = secret.trim();
  if (secret === '') throw new UsageError('Nothing was given.');
  return secret;
}
