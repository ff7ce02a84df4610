import Table from 'cli-table3';
import type { Context } from './context.ts';
import { UsageError } from './exit.ts';
import { printable } from './world.ts';

/** How a result is shown. */
export interface Shape {
  readonly json?: boolean;
  readonly table?: boolean;
  /** Values only. */
  readonly raw?: boolean;
}

type Row = Readonly<Record<string, unknown>>;

/** A table for a person at a terminal, JSON for a program; a flag decides otherwise. */
export const wantsTable = ({ world }: Context, { json, table }: Shape): boolean =>
  json === true ? false : table === true || world.stdout.isTTY === true;

/** Reads `a,b,c`. */
export const fieldList = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** The value at `a.b.0`; null when there is none. */
function at(value: Row, path: string): unknown {
  // What was chosen by such a path has it as its name.
  if (Object.hasOwn(value, path)) return value[path];
  let here: unknown = value;
  for (const step of path.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return null;
    here = (here as Row)[step];
  }
  return here;
}

/** Only the fields named, in that order; what a page does not show is null. */
export const project = (row: Row, fields: readonly string[] | undefined): Row =>
  fields === undefined ? row : Object.fromEntries(fields.map((name) => [name, at(row, name)]));

/** Whether fields can be there at all, before anything is paid for them. @throws UsageError naming those that cannot */
export function checkFields(fields: readonly string[] | undefined, known: readonly string[]): void {
  const wrong = (fields ?? []).filter((name) => !known.includes(name.split('.')[0] ?? ''));
  if (wrong.length > 0)
    throw new UsageError(`--fields: there is no ${wrong.join(', ')}; there are ${known.join(', ')}.`);
}

/** One value as a cell. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return printable(value.join(', '));
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}

const MIN_WIDTH = 40;
/** Lines and padding of a table with two columns. */
const FRAME = 7;

/** A table of names and values, as wide as the terminal. */
export function printRecord({ print, paint, world }: Context, row: Row): void {
  const names = Object.keys(row);
  const left = Math.max(0, ...names.map((name) => name.length)) + 2;
  const width = Math.max(MIN_WIDTH, (world.stdout.columns ?? 100) - left - FRAME);
  const table = new Table({ colWidths: [left + 2, width], wordWrap: true, wrapOnWordBoundary: true, style: PLAIN });
  table.push(...names.map((name) => [paint('cyan', name), cell(row[name])]));
  print(table.toString());
}

/** A table with a line per row. Long cells are cut. */
export function printRows({ print, paint }: Context, columns: readonly string[], rows: readonly Row[]): void {
  if (rows.length === 0) {
    print('(none)');
    return;
  }
  const table = new Table({ head: columns.map((name) => paint('bold', name)), style: PLAIN });
  table.push(...rows.map((row) => columns.map((name) => shorten(cell(at(row, name))))));
  print(table.toString());
}

const PLAIN = { head: [], border: [], compact: true };
const LONGEST_CELL = 60;
const shorten = (text: string): string => {
  const points = Array.from(text);
  return points.length > LONGEST_CELL ? `${points.slice(0, LONGEST_CELL - 1).join('')}…` : text;
};

/** Values as they are, a tab between them. */
export const printRaw = ({ print }: Context, row: Row): void => print(Object.values(row).map(cell).join('\t'));

/** Two spaces of indentation at a terminal, one line elsewhere. */
export const printJson = ({ print, world }: Context, value: unknown): void =>
  print(JSON.stringify(value, null, world.stdout.isTTY === true ? 2 : 0));
