import { createHash } from 'node:crypto';
import { Requests } from './ledger-requests.ts';
import { entryProblem, isEnd, isHash, isObject } from './ledger-shape.ts';
import type { ChainEnd, ChainEntry } from './generated/types.ts';

/** What is wrong with an export, and where it shows first. */
export interface LedgerProblem {
  readonly ok: false;
  /** Counted from 1, as editors do. */
  readonly line: number;
  /** The entry; null when the head, the end or the file as a whole is wrong. */
  readonly seq: number | null;
  readonly problem: string;
}

/** An export that is as it was written. */
export interface LedgerWhole {
  readonly ok: true;
  readonly workspace: string;
  /** Where the chain stood before the first entry of the export, and after the last. */
  readonly start: ChainEnd;
  readonly end: ChainEnd;
  readonly entries: number;
  readonly captures: number;
  /** Credits taken by captures, less what was refunded for them. */
  readonly charged: number;
  /** Requests that were held and not settled yet at the end. */
  readonly open: number;
}

/** Reads an export line by line. */
export interface LedgerVerifier {
  /** The first thing that is wrong, or null; after it nothing more is looked at. */
  line(text: string): LedgerProblem | null;
  /** After the last line. */
  end(): LedgerProblem | LedgerWhole;
}

/** What the first entry of a workspace follows on. */
const GENESIS = '0'.repeat(64);

const textOf = (text: string | null): string => (text === null ? 'null' : JSON.stringify(text));

/** SHA-256 of the hash before and the text of the entry: a JSON array without spaces, whose order is permanent. */
const hashOf = (before: string, workspace: string, entry: ChainEntry): string => {
  const { seq, kind, allowance, topup, period, request_id: request, key_id: key, reason, created_at: at } = entry;
  const amounts = `${allowance + topup},${allowance},${topup},${period}`;
  const text = `["${workspace}",${seq},"${kind}",${amounts},${textOf(request)},${textOf(key)},${textOf(reason)},"${at}"]`;
  return createHash('sha256')
    .update(before + text)
    .digest('hex');
};

/**
 * Checks an export of the ledger (`exportLedger`, `asa bill export`, `GET /api/v1/ledger?format=ndjson`) without asking anybody: every number
 * follows on the one before, every hash from the one before and the entry, amounts are the sums of their pots, the balance is never negative, a
 * request is held, released, captured (not for more than was held) and refunded at most once and in that order, and the end is the one that the
 * last line names. Whoever writes the whole chain anew is not found out by that, but by the hash of an entry that is known from elsewhere.
 * @param knownHash the hash of an entry, from an earlier export for example; it must be in the chain
 */
export function createLedgerVerifier(knownHash: string | null = null): LedgerVerifier {
  let workspace: string | null = null;
  let start: ChainEnd = { seq: 0, hash: GENESIS, balance: 0 };
  let end = start;
  let isOver = false;
  let [lines, entries] = [0, 0];
  let found: LedgerProblem | null = null;
  let isKnown = knownHash === null;
  let requests = new Requests(false);

  const wrong = (problem: string, seq: number | null = null): LedgerProblem => ({
    ok: false,
    line: lines,
    seq,
    problem,
  });

  const readHead = (value: unknown): LedgerProblem | null => {
    if (!isObject(value) || value['ledger'] !== 'asa-ledger-1' || typeof value['workspace'] !== 'string')
      return wrong('the first line is not the head of a ledger export');
    if (!isEnd(value['start'])) return wrong('the first line is not the head of a ledger export');
    workspace = value['workspace'];
    end = start = value['start'];
    isKnown ||= end.hash === knownHash;
    requests = new Requests(start.seq > 0);
    return start.seq === 0 && (start.hash !== GENESIS || start.balance !== 0)
      ? wrong('a chain begins with 64 zeros and no credits')
      : null;
  };

  const readEntry = (name: string, value: unknown): LedgerProblem | null => {
    const shape = entryProblem(value);
    if (shape !== null) return wrong(`this is no entry: ${shape}`);
    const entry = value as ChainEntry;
    const { seq, amount, allowance, topup } = entry;
    if (seq !== end.seq + 1) return wrong(`entry ${seq} follows on ${end.seq}`, seq);
    if (amount !== allowance + topup)
      return wrong(`its amount ${amount} is not the sum of its pots ${allowance} and ${topup}`, seq);
    const hash = hashOf(end.hash, name, entry);
    if (hash !== entry.hash) return wrong('its hash does not follow from the one before and its text', seq);
    if (end.balance + amount < 0) return wrong(`it takes ${-amount} credits where there were ${end.balance}`, seq);
    end = { seq, hash, balance: end.balance + amount };
    entries += 1;
    isKnown ||= hash === knownHash;
    const problem = requests.settle(entry);
    return problem === null ? null : wrong(problem, seq);
  };

  const readEnd = (value: unknown): LedgerProblem | null => {
    if (!isObject(value) || Object.keys(value).length !== 1 || !isEnd(value['end']))
      return wrong('this is no end of a ledger export');
    isOver = true;
    const { seq, hash, balance } = value['end'];
    if (seq !== end.seq)
      return wrong(`the chain ends with ${end.seq}, but the last line names ${seq}: entries are missing`);
    if (!isHash(hash) || hash !== end.hash) return wrong('the last line names another hash than the last entry');
    return balance === end.balance
      ? null
      : wrong(`the entries add up to ${end.balance}, but the last line names ${balance}`);
  };

  const read = (text: string): LedgerProblem | null => {
    if (isOver) return wrong('there is more after the end');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return wrong('this is no JSON');
    }
    if (workspace === null) return readHead(value);
    return isObject(value) && 'end' in value ? readEnd(value) : readEntry(workspace, value);
  };

  return {
    line(text) {
      lines += 1;
      found ??= read(text);
      return found;
    },
    end() {
      if (found !== null) return found;
      if (workspace === null || !isOver) return wrong('the export is cut short: its last line is missing');
      if (!isKnown) return wrong(`no entry has the hash ${knownHash}`);
      const { captures, charged, open } = requests;
      return { ok: true, workspace, start, end, entries, captures, charged, open };
    },
  };
}
