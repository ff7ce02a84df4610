import { Command, CommanderError, Option } from 'commander';
import { addAccount } from './commands/account.ts';
import { addAdmin } from './commands/admin.ts';
import { addBatch } from './commands/batch.ts';
import { addBill } from './commands/bill.ts';
import { addErrors } from './commands/errors.ts';
import { addEstimate } from './commands/estimate.ts';
import { addProduct, addSearch } from './commands/product.ts';
import { addWebhook } from './commands/webhook.ts';
import { SHELLS } from './completion.ts';
import { makeContext, type Context, type GlobalOptions } from './context.ts';
import { EXIT, Exit, explain } from './exit.ts';
import { examples, seconds, whole } from './options.ts';
import { VERSION } from './version.ts';
import { painter, type World } from './world.ts';

/** The command with all its subcommands. */
export function makeProgram(world: World): Command {
  const program = new Command('asa');
  const context = (): Context => makeContext(world, program.opts<GlobalOptions>());
  program
    .description('Amazon products and searches as JSON, from an ASA service.')
    .version(VERSION, '-V, --version')
    .option('--base-url <url>', 'address of the service (ASA_BASE_URL, or that of "asa login")')
    .option('--timeout <seconds>', 'time for one attempt', seconds)
    .option('--deadline <seconds>', 'time for a call with all its retries', seconds)
    .addOption(new Option('--attempts <n>', 'attempts of a call; 1 for no retries').argParser(whole(1, 100)))
    .option('-q, --quiet', 'only results and errors')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: (text) => void world.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('(add --help for what there is)')
    .addHelpText(
      'after',
      `${examples(
        'asa login',
        'asa product B0ASA00001 --domain de',
        'asa search "usb c cable" --pages 2',
        'asa batch create asins.txt --wait',
        'asa trace req_9f2c8a1b3e4d',
      )}\nResults go to stdout, words to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage, 15 some of many failed, 130 stopped; of errors: see "asa errors".\n`,
    );
  addProduct(program, context);
  addSearch(program, context);
  addBatch(program, context);
  addEstimate(program, context);
  addAccount(program, context);
  addBill(program, context);
  addErrors(program, context);
  addWebhook(program, context);
  addAdmin(program, context);
  program
    .command('completion')
    .description('Prints the completions of a shell.')
    .addArgument(program.createArgument('<shell>').choices(Object.keys(SHELLS)))
    .addHelpText(
      'after',
      examples('eval "$(asa completion bash)"', 'asa completion fish > ~/.config/fish/completions/asa.fish'),
    )
    .action((shell: keyof typeof SHELLS) => void world.stdout.write(SHELLS[shell](program)));
  // Subcommands do not inherit it.
  const strict = (command: Command): void => {
    command.exitOverride();
    command.commands.forEach(strict);
  };
  strict(program);
  return program;
}

/** Runs one command; answers its exit code. Never throws. */
export async function run(world: World): Promise<number> {
  try {
    await makeProgram(world).parseAsync([...world.argv], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof Exit) return error.exitCode;
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (world.signal.aborted) return EXIT.cancelled;
    const { words, exitCode } = explain(error, painter(world.stderr, world.env));
    world.stderr.write(`${words}\n`);
    return exitCode;
  }
}
