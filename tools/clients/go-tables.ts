import { comment, HEADER } from './go.ts';
import { goName, pascal } from './names.ts';
import { readSpec } from './spec.ts';

/** `generated_tables.go`: families, codes and the numbers of the retry policy, as gofmt writes them. Pure. */

/** Lines of `name = value` in one block, aligned. */
const block = (rows: readonly (readonly [name: string, value: string])[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `\t${name.padEnd(width)} = ${value}`).join('\n');
};
/** Lines of `key: value,` in one literal, aligned. */
const pairs = (rows: readonly (readonly [key: string, value: string])[]): string => {
  const width = Math.max(...rows.map(([key]) => key.length)) + 1;
  return rows.map(([key, value]) => `\t${`${key}:`.padEnd(width)} ${value},`).join('\n');
};

/** `rate_limit` -> `ErrRateLimit`. */
const sentinel = (family: string): string => `Err${goName(family)}`;
const wait = (seconds: number | null): string => (seconds === null ? '-1' : String(seconds));

export function goTables(): string {
  const { retry, poll, families, codes, clientCodes, statuses } = readSpec();
  const names = Object.keys(families);
  return `${HEADER}
// Family groups the codes that ask the same of a caller.
type Family string

// Families of errors.
const (
${typed('Family', names)}
)

// One error per family, for errors.Is(err, asa.ErrRateLimit).
var (
${Object.entries(families)
  .map(
    ([family, { about }]) =>
      `${comment(`${sentinel(family)}: ${about}`, '\t')}\n\t${sentinel(family)} error = familyError(Family${goName(family)})`,
  )
  .join('\n\n')}
)

// Codes that no service sends: what the client itself says.
const (
${typed('Code', Object.keys(clientCodes), 'ErrorCode')}
)

const (
${block([...Object.entries(retry).map(([name, each]) => [`default${pascal(name)}`, String(each)] as const), ...Object.entries(poll).map(([name, each]) => [`poll${pascal(name)}`, String(each)] as const)])}
)

// codeRow is one error code; waitSeconds is -1 where none is fixed.
type codeRow struct {
	family      Family
	retryable   bool
	waitSeconds int
	title       string
	remedy      string
}

var codeTable = map[ErrorCode]codeRow{
${pairs([
  ...Object.entries(codes).map(
    ([code, row]) =>
      [
        `ErrorCode${goName(code)}`,
        `{Family${goName(row.family)}, ${row.retryable}, ${wait(row.waitSeconds)}, ${JSON.stringify(row.title)}, ${JSON.stringify(row.remedy)}}`,
      ] as const,
  ),
  ...Object.entries(clientCodes).map(
    ([code, row]) =>
      [
        `Code${goName(code)}`,
        `{Family${goName(row.family)}, ${row.retryable}, -1, ${JSON.stringify(row.title)}, ${JSON.stringify(row.remedy)}}`,
      ] as const,
  ),
])}
}

// statusRow is a status that came without a code of the table; waitSeconds is -1 where none is fixed.
type statusRow struct {
	family      Family
	retryable   bool
	waitSeconds int
}

var statusTable = map[string]statusRow{
${pairs(Object.entries(statuses).map(([status, row]) => [JSON.stringify(status), `{Family${goName(row.family)}, ${row.retryable}, ${wait(row.waitSeconds)}}`] as const))}
}
`;
}

function typed(prefix: string, names: readonly string[], type = prefix): string {
  const width = Math.max(...names.map((name) => prefix.length + goName(name).length));
  return names
    .map((name) => `\t${`${prefix}${goName(name)}`.padEnd(width)} ${type} = ${JSON.stringify(name)}`)
    .join('\n');
}
