import { InvalidArgumentError, Option, type Command } from 'commander';
import { fieldList } from './output.ts';

/** Options that several commands share. */

export const whole =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`it must be a whole number from ${least}${most < 1e15 ? ` to ${most}` : ''}.`);
  };

/** Seconds, also parts of one. */
export const seconds = (text: string): number => {
  const value = /^\d{1,9}(?:\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0) return value;
  throw new InvalidArgumentError('it must be a number of seconds above 0.');
};

/** `--json`, `--table`. */
export const withShape = (command: Command): Command =>
  command
    .addOption(new Option('--json', 'JSON on stdout (the default when that is no terminal)').conflicts('table'))
    .option('--table', 'a table on stdout (the default at a terminal)');

/** What `withPage` reads. */
export interface Page {
  readonly limit: number;
  readonly cursor?: string;
}

/** One page of a list. */
export const withPage = (command: Command): Command =>
  command
    .option('--limit <n>', 'how many', whole(1, 100), 20)
    .option('--cursor <cursor>', 'the next_cursor of the page before');

/** Where and in which language to ask. */
export const withMarketplace = (command: Command): Command =>
  command
    .option('-d, --domain <domain>', 'marketplace: com, co.uk, de, ...')
    .option('-l, --language <language>', 'language of the page, for example de_DE')
    .option('-c, --country <country>', 'exit country, for example DE')
    .option('--add-html', 'with the source of the page')
    .option('--max-credits <n>', 'refuse what could cost more credits than this', whole(0));

export const withFields = (command: Command): Command =>
  command
    .option('-f, --fields <names>', 'only these fields: title,price,unit_price.price', fieldList)
    .option('-r, --raw', 'their values as they are, a tab between them; for scripts');

/** For many items. */
export const withMany = (command: Command): Command =>
  command
    .option('--jsonl', 'a line of JSON for each: {input, status, data, error}')
    .option('-o, --output <file>', 'write these lines to a file')
    .option('--resume', 'leave out what the output file has already')
    .option('-n, --concurrency <n>', 'requests at a time; never more than the key may', whole(1, 1000), 10);

/** Options of the marketplace in the words of the wire. */
export const marketplaceOf = (options: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const { domain, language, country, addHtml, maxCredits } = options;
  return Object.fromEntries(
    Object.entries({ domain, language, country, add_html: addHtml, max_credits: maxCredits }).filter(
      ([, value]) => value !== undefined,
    ),
  );
};

/** Help text of examples. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
