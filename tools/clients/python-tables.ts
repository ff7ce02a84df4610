import { HEADER, text } from './python.ts';
import { readSpec } from './spec.ts';

/** The Python client's error classes and tables. Pure. */

const value = (each: string | number | boolean | null): string =>
  each === null
    ? 'None'
    : typeof each === 'boolean'
      ? each
        ? 'True'
        : 'False'
      : typeof each === 'number'
        ? String(each)
        : text(each);
const call = (name: string, values: readonly (string | number | boolean | null)[]): string =>
  `${name}(\n${values.map((each) => `        ${value(each)},\n`).join('')}    )`;
/** Constants before classes, as isort does; the rest by letter, upper case first. */
const asRuffSorts = (a: string, b: string): number =>
  Number(isConstant(b)) - Number(isConstant(a)) || (a.toLowerCase() < b.toLowerCase() ? -1 : 1);
const isConstant = (name: string): boolean => name === name.toUpperCase();
const constant = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** `tables.py`: what the retry policy reads. */
export function pythonTables(): string {
  const { retry, poll, codes, clientCodes, statuses } = readSpec();
  return `${HEADER}"""The tables behind the retry policy: one declaration for the service and every client."""

from typing import NamedTuple, Optional

${Object.entries(retry)
  .map(([name, each]) => `${constant(name)} = ${each}\n`)
  .join('')}${Object.entries(poll)
    .map(([name, each]) => `POLL_${constant(name)} = ${each}\n`)
    .join('')}

class Code(NamedTuple):
    """One error code of the service."""

    status: int
    family: str
    retryable: bool
    wait_seconds: Optional[int]
    title: str
    remedy: str


class ClientCode(NamedTuple):
    """A code that no service sends: what the client itself says."""

    family: str
    retryable: bool
    title: str
    remedy: str


class Status(NamedTuple):
    """A status that came without a code of the table."""

    family: str
    retryable: bool
    wait_seconds: Optional[int]


CODES: dict[str, Code] = {
${Object.entries(codes)
  .map(
    ([code, row]) =>
      `    ${text(code)}: ${call('Code', [row.status, row.family, row.retryable, row.waitSeconds, row.title, row.remedy])},\n`,
  )
  .join('')}}

CLIENT_CODES: dict[str, ClientCode] = {
${Object.entries(clientCodes)
  .map(
    ([code, row]) => `    ${text(code)}: ${call('ClientCode', [row.family, row.retryable, row.title, row.remedy])},\n`,
  )
  .join('')}}

STATUSES: dict[str, Status] = {
${Object.entries(statuses)
  .map(([status, row]) => `    ${text(status)}: ${call('Status', [row.family, row.retryable, row.waitSeconds])},\n`)
  .join('')}}
`;
}

/** `errors.py`: one class per family. */
export function pythonErrors(): string {
  const { families, codes, clientCodes } = readSpec();
  const classes = Object.entries(families).map(([family, { className, about }]) => {
    const own = [...Object.entries(codes), ...Object.entries(clientCodes)].filter(([, row]) => row.family === family);
    return `class ${className}(AmazonScraperAPIError):
    """${about}

    Codes: ${own.map(([code]) => `\`\`${code}\`\``).join(', ')}.
    """

    family = ${text(family)}
`;
  });
  const names = Object.values(families).map(({ className }) => className);
  return `${HEADER}"""One class of error per family of codes."""

from .._error import AmazonScraperAPIError

${classes.map((each) => `\n${each}`).join('\n')}

FAMILIES: dict[str, type[AmazonScraperAPIError]] = {
${Object.entries(families)
  .map(([family, { className }]) => `    ${text(family)}: ${className},\n`)
  .join('')}}

__all__ = [
${['FAMILIES', ...names]
  .toSorted(asRuffSorts)
  .map((name) => `    ${text(name)},\n`)
  .join('')}]
`;
}
