import { CLIENT_CODES, CODES, FAMILIES } from 'asa-client';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { UsageError } from '../exit.ts';
import { examples, withShape } from '../options.ts';
import { printJson, printRecord, printRows, wantsTable, type Shape } from '../output.ts';

interface Row {
  readonly status: number | null;
  readonly family: keyof typeof FAMILIES;
  readonly retryable: boolean;
  readonly waitSeconds: number | null;
  readonly title: string;
  readonly when: string;
  readonly remedy: string;
}

/** Every code of the service and of the client. */
const rows: Readonly<Record<string, Row>> = {
  ...CODES,
  ...Object.fromEntries(
    Object.entries(CLIENT_CODES).map(([code, row]) => [
      code,
      { ...row, status: null, waitSeconds: null, when: row.title },
    ]),
  ),
};

const entry = (code: string, row: Row): Record<string, unknown> => ({
  code,
  status: row.status,
  retry: row.retryable ? (row.waitSeconds === null ? 'yes' : `after ${row.waitSeconds} s`) : 'no',
  exit_code: FAMILIES[row.family].exitCode,
  family: row.family,
  title: row.title,
});

export function addErrors(program: Command, context: () => Context): void {
  withShape(program.command('errors'))
    .description('Explains an error code, or lists all of them. Needs no server.')
    .argument('[code]')
    .addHelpText('after', examples('asa errors', 'asa errors blocked_by_amazon', 'asa errors --json'))
    .action((code: string | undefined, options: Shape) => {
      const here = context();
      const isTable = wantsTable(here, options);
      if (code === undefined) {
        const all = Object.entries(rows).map(([name, row]) => entry(name, row));
        if (isTable) printRows(here, ['code', 'status', 'retry', 'exit_code', 'title'], all);
        else printJson(here, all);
        return;
      }
      const row = Object.hasOwn(rows, code) ? rows[code] : undefined;
      if (row === undefined)
        throw new UsageError(`There is no code ${JSON.stringify(code)}; there are ${Object.keys(rows).join(', ')}.`);
      const whole = { ...entry(code, row), when: row.when, what_to_do: row.remedy };
      if (isTable) printRecord(here, whole);
      else printJson(here, whole);
    });
}
