import type {
  AdminListRequestsParams,
  AmazonScraperAPI,
  CreateWorkspaceBody,
  ListWorkspacesParams,
  PatchWorkspaceBody,
} from 'asa-client';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Context } from '../context.ts';
import { examples, whole, withPage, withShape, type Page } from '../options.ts';
import { printJson, printRecord, printRows, wantsTable, type Shape } from '../output.ts';
import { waterfall } from '../waterfall.ts';

type Admin = AmazonScraperAPI['admin'];
type Rows = readonly object[];

const PLANS = ['free', 'vibe', 'pro', 'custom'] as const satisfies readonly CreateWorkspaceBody['plan'][];
const signed = (text: string): number => {
  if (/^[+-]?\d{1,12}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('it must be a whole number.');
};

/** `asa admin ...`: the admin API of a service of one's own. */
export function addAdmin(program: Command, context: () => Context): void {
  const admin = program
    .command('admin')
    .description(
      'Workspaces, keys, credits and tickets of a service of your own. Needs the admin token (ASA_ADMIN_TOKEN, or "asa login --admin").',
    )
    .addHelpText(
      'after',
      examples('asa admin workspaces create shop --plan pro', 'asa admin keys create ws_0123 --name ci --mode test'),
    );

  const act = (
    command: Command,
    work: (api: Admin, here: Context, args: string[], options: never) => Promise<void>,
  ): Command =>
    withShape(command).action(async (...all: unknown[]) => {
      const here = context();
      const args = all.filter((one): one is string => typeof one === 'string');
      await work(await here.admin(), here, args, all.at(-2) as never);
    });
  const record = (here: Context, options: Shape, answer: object): void => {
    if (wantsTable(here, options)) printRecord(here, { ...answer });
    else printJson(here, answer);
  };
  const list = (here: Context, options: Shape, answer: object, rows: Rows, columns: string[]): void => {
    if (wantsTable(here, options))
      printRows(
        here,
        columns,
        rows.map((row) => ({ ...row })),
      );
    else printJson(here, answer);
  };
  const page = ({ limit, cursor }: Page): Pick<ListWorkspacesParams, 'limit' | 'cursor'> => ({ limit, cursor });

  const workspaces = admin.command('workspaces').description('Customers, or parts of your own work.');
  act(withPage(workspaces.command('list')), async (api, here, _args, options: Shape & Page) => {
    const answer = await api.listWorkspaces(page(options), here.call);
    list(here, options, answer, answer.workspaces, [
      'id',
      'name',
      'plan',
      'credits.total',
      'credits.held',
      'created_at',
    ]);
  });
  act(workspaces.command('show').argument('<id>'), async (api, here, [id = ''], options: Shape) =>
    record(here, options, await api.getWorkspace(id, here.call)),
  );
  act(
    workspaces
      .command('create')
      .argument('<name>')
      .addOption(new Option('--plan <plan>', 'plan').choices(PLANS).default('free'))
      .option('--credits <n>', 'opening top-up', whole(0))
      .option('--allowance <n>', 'credits of a month, on the plan custom', whole(0)),
    async (
      api,
      here,
      [name = ''],
      options: Shape & { plan: CreateWorkspaceBody['plan']; credits?: number; allowance?: number },
    ) => {
      const { plan, credits, allowance } = options;
      record(here, options, await api.createWorkspace({ name, plan, credits, allowance }, here.call));
    },
  );
  act(
    workspaces
      .command('update')
      .argument('<id>')
      .option('--name <name>', 'new name')
      .addOption(new Option('--plan <plan>', 'new plan').choices(PLANS))
      .option('--rps <n>', 'sustained requests a second, per key', whole(1))
      .option('--burst-rps <n>', 'requests a second for 3 s from rest', whole(1))
      .option('--concurrency <n>', 'requests at a time', whole(1)),
    async (
      api,
      here,
      [id = ''],
      options: Shape &
        Pick<PatchWorkspaceBody, 'name' | 'plan'> & { rps?: number; burstRps?: number; concurrency?: number },
    ) => {
      const { name, plan, rps, burstRps: burst_rps, concurrency } = options;
      const limits = { rps, burst_rps, concurrency };
      const given = Object.values(limits).some((value) => value !== undefined);
      record(here, options, await api.patchWorkspace(id, { name, plan, ...(given ? { limits } : {}) }, here.call));
    },
  );

  const keys = admin.command('keys').description('API keys of a workspace.');
  act(keys.command('list').argument('<workspace>'), async (api, here, [id = ''], options: Shape) => {
    const answer = await api.listKeys(id, here.call);
    list(here, options, answer, answer.keys, [
      'id',
      'short_prefix',
      'mode',
      'name',
      'created_at',
      'last_used_at',
      'revoked_at',
    ]);
  });
  act(
    keys
      .command('create')
      .description('Make a key. It is shown in full only here.')
      .argument('<workspace>')
      .requiredOption('--name <name>', 'what it is for')
      .addOption(
        new Option('--mode <mode>', 'test keys answer from the sandbox').choices(['live', 'test']).default('live'),
      ),
    async (api, here, [id = ''], options: Shape & { name: string; mode: 'live' | 'test' }) =>
      record(here, options, await api.createKey(id, { name: options.name, mode: options.mode }, here.call)),
  );
  act(keys.command('revoke').argument('<key-id>'), async (api, here, [id = ''], options: Shape) =>
    record(here, options, await api.revokeKey(id, here.call)),
  );

  act(
    admin
      .command('credits')
      .description('Add credits to a workspace, or take some with a negative amount.')
      .argument('<workspace>')
      .requiredOption('--amount <n>', 'credits', signed)
      .requiredOption('--reason <text>', 'why, for the ledger')
      .option('--idempotency-key <key>', 'the same key adds nothing twice'),
    async (api, here, [id = ''], options: Shape & { amount: number; reason: string; idempotencyKey?: string }) => {
      const { amount, reason, idempotencyKey } = options;
      record(
        here,
        options,
        await api.addCredits(
          id,
          { amount, reason },
          { ...here.call, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) },
        ),
      );
    },
  );
  act(
    withPage(admin.command('ledger').argument('<workspace>')),
    async (api, here, [id = ''], options: Shape & Page) => {
      const answer = await api.ledger(id, page(options), here.call);
      list(here, options, answer, answer.entries, ['id', 'kind', 'amount', 'request_id', 'reason', 'created_at']);
    },
  );

  act(
    withPage(admin.command('requests').description('Requests of all workspaces.'))
      .option('--status <status>', 'only those answered with this status', whole(100, 599))
      .option('--error <code>', 'only those answered with this error code')
      .option('--workspace <id>', 'only those of this workspace'),
    async (
      api,
      here,
      _args,
      options: Shape & {
        limit: number;
        cursor?: string;
        status?: number;
        error?: AdminListRequestsParams['error'];
        workspace?: string;
      },
    ) => {
      const { status, error, workspace } = options;
      const answer = await api.requests({ ...page(options), status, error, workspace }, here.call);
      list(here, options, answer, answer.requests, [
        'request_id',
        'workspace',
        'endpoint',
        'status',
        'error',
        'credits',
        'duration_ms',
        'received_at',
      ]);
    },
  );
  act(
    admin.command('trace').description('What happened to any request.').argument('<request_id>'),
    async (api, here, [id = ''], options: Shape) => {
      const trace = await api.request(id, here.call);
      if (options.json === true) printJson(here, trace);
      else for (const line of waterfall(trace, here.paint)) here.print(line);
    },
  );

  const tickets = admin.command('tickets').description('Pages that could not be read.');
  act(
    withPage(tickets.command('list')).addOption(
      new Option('--state <state>', 'only these').choices(['open', 'closed']),
    ),
    async (api, here, _args, options: Shape & Page & { state?: 'open' | 'closed' }) => {
      const answer = await api.listTickets({ ...page(options), state: options.state }, here.call);
      list(here, options, answer, answer.tickets, [
        'id',
        'state',
        'marketplace',
        'page_kind',
        'count',
        'last_seen',
        'fingerprint',
      ]);
    },
  );
  act(tickets.command('show').argument('<id>'), async (api, here, [id = ''], options: Shape) =>
    record(here, options, await api.getTicket(id, here.call)),
  );
  for (const [name, state] of [
    ['close', 'closed'],
    ['reopen', 'open'],
  ] as const)
    act(
      tickets.command(name).argument('<id>').option('--note <text>', 'what was found'),
      async (api, here, [id = ''], options: Shape & { note?: string }) =>
        record(here, options, await api.patchTicket(id, { state, note: options.note }, here.call)),
    );
}
