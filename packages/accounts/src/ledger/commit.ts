import type { Store } from '@asa/store';
import { noWorkspace } from '../ids.ts';
import { decide, type Decision, type Op, type OpenHold, type Outcome, type State } from './decide.ts';
import type { Memory } from './memory.ts';
import { COMMIT, COMMIT_LOCKED, commitValues, LOAD, LOCK, type CommitRow, type LoadedRow } from './statements.ts';

/** The operations of one workspace in a group, in the order in which they were asked for. */
export type Asked = ReadonlyMap<string, readonly Op[]>;

/** What became of each operation: durable and answered, or failed with an error. */
export type Answer = (op: Op, result: { outcome: Outcome } | { error: unknown }) => void;

interface Parts {
  readonly store: Store;
  readonly memory: Memory;
  readonly now: () => number;
}

interface Loaded {
  readonly state: State;
  /** Of the holds that were asked for, those that are open. */
  readonly holds: ReadonlyMap<string, OpenHold>;
}

/**
 * Does a group in one statement. Answers the workspaces that were not done, because somebody else changed or holds their balance, or they
 * are not remembered any more: they are for `commitAlone`. Rejects when the whole statement failed; nothing was answered for what it would
 * have written.
 */
export async function commitGroup(parts: Parts, asked: Asked, answer: Answer): Promise<string[]> {
  const { store, memory, now } = parts;
  const unknown = new Map(
    [...asked].filter(([id, ops]) => memory.state(id) === null || ops.some((op) => isUnknown(memory, op))),
  );
  const loaded =
    unknown.size === 0 ? null : await load(async (values) => store.steady.query({ ...LOAD, values }), unknown);
  for (const { state, holds } of loaded?.values() ?? []) memory.loaded(state, [...holds.values()]);
  const at = now();
  const decisions: Decision[] = [];
  /** Known before, and forgotten to make room for what was just read. */
  const forgotten: string[] = [];
  for (const [id, ops] of asked) {
    const fresh = loaded?.get(id);
    const state = unknown.has(id) ? fresh?.state : memory.state(id);
    if (state) {
      const holdOf = (request: string) => (fresh === undefined ? memory.hold(request) : fresh.holds.get(request));
      decisions.push(decide(state, ops, holdOf, at));
    } else if (!unknown.has(id)) forgotten.push(id);
    else for (const op of ops) answer(op, { error: noWorkspace(id) });
  }
  if (decisions.length === 0) return forgotten;
  const { rows } = await store.steady.query<CommitRow>({
    ...COMMIT,
    values: commitValues(decisions, store.node.id, at),
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a group of the ledger answered nothing');
  // Nothing at all is written when an id was used before: the others try again without it.
  if (row.used.length > 0) return commitGroup(parts, withoutUsed(asked, row, answer), answer);
  return [...forgotten, ...conclude(memory, asked, decisions, row, answer)];
}

/**
 * Does the operations of one workspace in a transaction that waits for its balance. Rejects when it failed; then nothing was done, unless
 * the connection broke.
 */
export async function commitAlone(
  parts: Parts,
  workspaceId: string,
  ops: readonly Op[],
  answer: Answer,
): Promise<void> {
  const { store, memory, now } = parts;
  const asked: Asked = new Map([[workspaceId, ops]]);
  const done = await store.transaction(async (tx) => {
    await tx.query(LOCK, [workspaceId]);
    const loaded = await load(async (values) => ({ rows: await tx.query(LOAD.text, values) }), asked);
    const found = loaded.get(workspaceId);
    if (found === undefined) throw noWorkspace(workspaceId);
    memory.loaded(found.state, [...found.holds.values()]);
    const at = now();
    const decision = decide(found.state, ops, (request) => found.holds.get(request), at);
    const [row] = await tx.query<CommitRow>(COMMIT_LOCKED, commitValues([decision], store.node.id, at));
    if (row === undefined) throw new Error('a group of the ledger answered nothing');
    return { decision, row };
  });
  // Only what is durable is known, and told.
  const { decision, row } = done;
  if (row.used.length > 0) {
    const left = withoutUsed(asked, row, answer).get(workspaceId);
    return left === undefined ? undefined : commitAlone(parts, workspaceId, left, answer);
  }
  if (conclude(memory, asked, [decision], row, answer).length > 0) {
    throw new Error(`the balance of ${workspaceId} changed under its lock`);
  }
}

/** Whether a hold is to be settled of which nothing certain is known. */
const isUnknown = (memory: Memory, op: Op): boolean => op.do === 'settle' && memory.hold(op.requestId) === undefined;

async function load(
  query: (values: unknown[]) => Promise<{ rows: LoadedRow[] }>,
  asked: Asked,
): Promise<Map<string, Loaded>> {
  const settled = [...asked.values()].flat().filter((op) => op.do === 'settle');
  const { rows } = await query([[...asked.keys()], settled.map((op) => op.requestId)]);
  const found = new Map<string, Loaded & { holds: Map<string, OpenHold> }>();
  for (const row of rows) {
    const { workspace_id: workspaceId, request_id: requestId } = row;
    const entry = found.get(workspaceId) ?? { state: stateOf(row), holds: new Map<string, OpenHold>() };
    found.set(workspaceId, entry);
    if (requestId === null) continue;
    const { key_id: keyId, allowance, topup, hold_period: period } = row;
    entry.holds.set(requestId, { requestId, workspaceId, keyId, allowance, topup, period });
  }
  return found;
}

const stateOf = (row: LoadedRow): State => ({
  workspaceId: row.workspace_id,
  allowance: row.allowance_left,
  topup: row.topup_left,
  held: row.held,
  period: row.period,
  resetsAt: row.resets_at.getTime(),
  seq: row.seq,
  hash: row.hash,
});

/** Tells what was written; answers the workspaces that were not. */
function conclude(
  memory: Memory,
  asked: Asked,
  decisions: readonly Decision[],
  row: CommitRow,
  answer: Answer,
): string[] {
  const stale: string[] = [];
  for (const [i, decision] of decisions.entries()) {
    const { workspaceId } = decision.after;
    if (row.agreed[i] !== '1') {
      memory.stale(workspaceId);
      stale.push(workspaceId);
      continue;
    }
    memory.wrote(decision);
    for (const [n, op] of (asked.get(workspaceId) ?? []).entries()) {
      const outcome = decision.outcomes[n];
      answer(op, outcome === undefined ? { error: new Error('an operation has no outcome') } : { outcome });
      // Somebody may have done the reset meanwhile, which the hash does not always show: it is read again.
      if (outcome?.status === 'reset') memory.stale(workspaceId);
    }
  }
  return stale;
}

/** Answers those whose request id was used before; the others are left. */
function withoutUsed(asked: Asked, row: CommitRow, answer: Answer): Map<string, Op[]> {
  const used = new Set(row.used);
  const left = new Map<string, Op[]>();
  for (const [id, ops] of asked) {
    const [again = [], fine = []] = [true, false].map((wanted) =>
      ops.filter((op) => (op.do === 'hold' && used.has(op.requestId)) === wanted),
    );
    for (const op of again) answer(op, { outcome: { status: 'duplicate' } });
    if (fine.length > 0) left.set(id, fine);
  }
  return left;
}
