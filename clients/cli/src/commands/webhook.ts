import { readFile } from 'node:fs/promises';
import { checkWebhook, type ReceivedWebhook } from 'asa-client';
import { Option, type Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT, Exit, UsageError } from '../exit.ts';
import { openInput, readAll } from '../input.ts';
import { listen, MAX_EVENT_BYTES } from '../listen.ts';
import { examples, whole } from '../options.ts';

interface VerifyOptions {
  readonly secret: string[];
  readonly header: string[];
  readonly kind: 'standard' | 'asa';
  readonly tolerance?: number;
}

const more = (text: string, before: string[]): string[] => [...before, text];

/** The secrets given, or that of the environment, so that none need be in the list of processes. */
function secretsOf(here: Context, given: readonly string[]): readonly string[] {
  const fromEnv = here.world.env['ASA_WEBHOOK_SECRET'];
  return given.length > 0 || !fromEnv ? given : [fromEnv];
}

export function addWebhook(program: Command, context: () => Context): void {
  program
    .command('webhook')
    .description('Webhooks of batches.')
    .command('verify')
    .description('Whether a webhook was signed with a secret. Exit code 0 when it was, 1 when not.')
    .argument('[file]', 'the raw body, byte for byte; - for stdin', '-')
    .option('-s, --secret <secret>', 'whsec_...; may be given again; or ASA_WEBHOOK_SECRET', more, [])
    .option('-H, --header <header>', '"name: value"; may be given again', more, [])
    .addOption(
      new Option('--kind <kind>', 'standard: webhook-id, -timestamp, -signature; asa: X-ASA-Signature')
        .choices(['standard', 'asa'])
        .default('standard'),
    )
    .option('--tolerance <seconds>', 'how old or early it may be', whole(0))
    .addHelpText(
      'after',
      examples(
        'asa webhook verify body.json -s whsec_... -H "webhook-id: msg_1" -H "webhook-timestamp: 1764000000" -H "webhook-signature: v1,..."',
        'asa webhook verify body.json --kind asa -s whsec_... -H "X-ASA-Signature: sha256=..."',
      ),
    )
    .action(async (file: string, options: VerifyOptions) => {
      const here = context();
      const secret = secretsOf(here, options.secret);
      if (secret.length === 0) throw new UsageError('No secret: give --secret, or set ASA_WEBHOOK_SECRET.');
      const body = file === '-' ? await readAll(openInput('-', here.world), MAX_EVENT_BYTES) : await readFile(file);
      const headers = Object.fromEntries(options.header.map(readHeader));
      const received: ReceivedWebhook = {
        body,
        headers,
        secret,
        kind: options.kind,
        now: here.world.now(),
        ...(options.tolerance === undefined ? {} : { toleranceSeconds: options.tolerance }),
      };
      const verdict = checkWebhook(received);
      here.print(verdict);
      if (verdict !== 'valid') throw new Exit(EXIT.failed);
    });

  program
    .command('listen')
    .description(
      'Receive webhooks on this machine, verify and print them. For development: put a tunnel in front, or let a server of your own send to private addresses.',
    )
    .option('-p, --port <port>', 'port; 0 for any free one', whole(0, 65_535), 4110)
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('-s, --secret <secret>', 'whsec_...; may be given again; without one nothing is verified', more, [])
    .option('--count <n>', 'end after so many', whole(1))
    .option('--json', 'a line of JSON for each: {received_at, verdict, headers, body}')
    .addHelpText('after', examples('asa listen --port 4110 --secret whsec_...'))
    .action(async (options: { port: number; host: string; secret: string[]; count?: number; json?: boolean }) => {
      const here = context();
      await listen(here, { ...options, secret: secretsOf(here, options.secret) });
    });
}

function readHeader(text: string): [string, string] {
  const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError(`--header ${JSON.stringify(text)} is not "name: value".`);
  return [name.toLowerCase(), value];
}
