import { ApiError } from '@asa/contract';
import type { Store } from '@asa/store';
import { commitAlone, commitGroup, type Answer, type Asked } from './commit.ts';
import type { Op, Outcome } from './decide.ts';
import { halves, isAboutData, isUniqueViolation } from './halves.ts';
import { createMemory } from './memory.ts';

/** Bounds of the group commit. */
export interface GroupLimits {
  /** Operations in one statement, at most. */
  readonly most: number;
  /** Statements that are on their way at the same time, for different workspaces. */
  readonly lanes: number;
  /** Transactions that wait for a balance that somebody else has locked or changed. */
  readonly alone: number;
  /** Operations that wait; more are refused with `capacity`. */
  readonly waiting: number;
}
const LIMITS: GroupLimits = { most: 512, lanes: 2, alone: 3, waiting: 50_000 };

/**
 * Does operations of concurrent requests in groups: while one group is on its way to the disk the next one gathers, so that a lone
 * operation goes at once and many share one statement and one fsync. A workspace is part of one group at a time, and its operations keep
 * their order.
 */
export interface Groups {
  /**
   * Durable when it resolves. Rejects with `ApiError` `not_found` for an unknown workspace, `capacity` when too many wait; after any other
   * error the outcome is unknown.
   */
  ask: (op: Op) => Promise<Outcome>;
}

interface Asking {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

export function createGroups(store: Store, now: () => number, limits: Partial<GroupLimits> = {}): Groups {
  const { most, lanes, alone, waiting } = { ...LIMITS, ...limits };
  const memory = createMemory();
  const parts = { store, now, memory };
  /** Who waits for an operation, until it is answered. */
  const asking = new Map<Op, Asking>();
  /** Operations that are in no group yet, by workspace. */
  const gathering = new Map<string, Op[]>();
  /** Those of the workspaces that no group is on its way for, the longest waiting first. */
  const ready = new Set<string>();
  const busy = new Set<string>();
  /** Workspaces whose group found their balance changed or locked, each with what is left of it. */
  const set: [string, Op[]][] = [];
  let [lanesUsed, aloneUsed] = [0, 0];
  let planned = false;

  const answer: Answer = (op, result) => {
    const one = asking.get(op);
    asking.delete(op);
    if ('outcome' in result) one?.resolve(result.outcome);
    else one?.reject(result.error);
  };
  const left = (asked: Asked): Map<string, Op[]> => {
    const ops = [...asked].map(([id, own]) => [id, own.filter((op) => asking.has(op))] as const);
    return new Map(ops.filter(([, own]) => own.length > 0));
  };

  /** When something in a group cannot be stored: its halves. What is wrong with one request is not its neighbours' trouble. */
  const run = async (asked: Asked, commit: (asked: Asked) => Promise<string[]>): Promise<string[]> => {
    try {
      return await commit(asked);
    } catch (error) {
      const rest = left(asked);
      if (!isAboutData(error)) {
        for (const [id, ops] of rest) {
          memory.stale(id);
          for (const op of ops) answer(op, { error });
        }
        return [];
      }
      const [one, two] = halves(rest);
      if (two !== null) return [...(await run(one, commit)), ...(await run(two, commit))];
      const lost = isUniqueViolation(error) ? ({ outcome: { status: 'duplicate' } } as const) : { error };
      for (const op of [...one.values()].flat()) answer(op, op.do === 'hold' ? lost : { error });
      return [];
    }
  };
  const release = (ids: Iterable<string>): void => {
    for (const id of ids) {
      busy.delete(id);
      if (gathering.has(id)) ready.add(id);
    }
    plan();
  };
  const together = async (asked: Asked): Promise<void> => {
    const stale = new Set(await run(asked, (group) => commitGroup(parts, group, answer)));
    const rest = left(asked);
    for (const id of stale) set.push([id, rest.get(id) ?? []]);
    lanesUsed -= 1;
    release([...asked.keys()].filter((id) => !stale.has(id)));
  };
  /** The workspace stays busy meanwhile, but keeps no lane. */
  const apart = async (id: string, ops: readonly Op[]): Promise<void> => {
    await run(new Map([[id, ops]]), async (group) => {
      await commitAlone(parts, id, group.get(id) ?? [], answer);
      return [];
    });
    aloneUsed -= 1;
    release([id]);
  };

  const gather = (): Map<string, Op[]> => {
    const group = new Map<string, Op[]>();
    let size = 0;
    for (const id of ready) {
      if (size >= most) break;
      const ops = gathering.get(id) ?? [];
      const mine = ops.length <= most - size ? ops : ops.splice(0, most - size);
      if (mine === ops) gathering.delete(id);
      ready.delete(id);
      busy.add(id);
      group.set(id, mine);
      size += mine.length;
    }
    return group;
  };
  const dispatch = (): void => {
    planned = false;
    while (lanesUsed < lanes && ready.size > 0) {
      lanesUsed += 1;
      void together(gather());
    }
    while (aloneUsed < alone) {
      const next = set.shift();
      if (next === undefined) return;
      aloneUsed += 1;
      void apart(...next);
    }
  };
  const plan = (): void => {
    if (planned) return;
    planned = true;
    // Whatever is asked for in this turn of the event loop goes along.
    setImmediate(dispatch);
  };

  return {
    ask(op) {
      if (asking.size >= waiting) {
        const message = `The request was not taken: ${waiting} charges wait to be written.`;
        return Promise.reject(new ApiError('capacity', message, { retryAfterSeconds: 1 }));
      }
      const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
      asking.set(op, { resolve, reject });
      const { workspaceId: id } = op;
      const ops = gathering.get(id);
      if (ops === undefined) gathering.set(id, [op]);
      else ops.push(op);
      if (!busy.has(id)) ready.add(id);
      plan();
      return promise;
    },
  };
}
