import { HEADERS, OPERATIONS, type Operation } from '@asa/contract';
import { code, table } from './table.ts';

export const endpointsTable = (auth: Operation['auth']): string =>
  table(
    ['Method and path', 'What it does'],
    OPERATIONS.filter((operation) => operation.auth === auth).map(({ method, path, summary }) => [
      code(`${method} ${path}`),
      summary,
    ]),
  );

export function parametersTable(id: string): string {
  const operation = OPERATIONS.find((row) => row.id === id);
  if (operation?.params === undefined) throw new Error(`there is no operation ${id} with parameters`);
  return table(
    ['Parameter', 'Type', 'What it does'],
    Object.entries(operation.params).map(([name, { required, about, schema }]) => [
      `${code(name)}${required ? ' (required)' : ''}`,
      typeText(schema),
      about,
    ]),
  );
}

function typeText(schema: Readonly<Record<string, unknown>>): string {
  const words = schema['enum'] as readonly string[] | undefined;
  if (words !== undefined)
    return words.length > 8 ? `one of ${words.length} words` : words.map((word) => code(word)).join(' ');
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  return minimum === undefined ? String(schema['type']) : `whole number, ${minimum} to ${maximum}`;
}

export const headersTable = (): string =>
  table(
    ['Header', 'What it says'],
    Object.values(HEADERS).map(({ name, about }) => [code(name), about]),
  );
