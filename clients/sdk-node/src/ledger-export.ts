import { clientError } from './errors.ts';
import type { ChainEnd, ChainEntry } from './generated/types.ts';

/** A line of an export: the head, then the entries, oldest first, then the end. */
export type LedgerLine =
  | { readonly ledger: 'asa-ledger-1'; readonly workspace: string; readonly start: ChainEnd }
  | ChainEntry
  | { readonly end: ChainEnd };

/**
 * The lines up to the end, which must be there.
 * @throws AmazonScraperAPIError `invalid_response` when the stream closes in good order without it
 */
export async function* exportLines(lines: AsyncIterable<LedgerLine>): AsyncGenerator<LedgerLine, void, undefined> {
  for await (const line of lines) {
    yield line;
    // When the stream breaks after this line, it must not be asked for again: the ledger may have grown.
    if ('end' in line) return;
  }
  throw clientError('invalid_response', 'The export of the ledger is cut short: its last line is missing.', 1);
}
