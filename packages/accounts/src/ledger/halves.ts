import type { Asked } from './commit.ts';
import type { Op } from './decide.ts';

/** The two halves of a group, each workspace's operations in their order; the second is null when there is only one operation. */
export function halves(asked: Asked): [one: Map<string, Op[]>, two: Map<string, Op[]> | null] {
  const ops = [...asked.values()].flat();
  if (ops.length < 2) return [grouped(ops), null];
  const middle = ops.length >> 1;
  return [grouped(ops.slice(0, middle)), grouped(ops.slice(middle))];
}

const grouped = (ops: readonly Op[]): Map<string, Op[]> => Map.groupBy(ops, (op) => op.workspaceId);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/**
 * PostgreSQL's classes of errors that values cause, and of those that the statement's neighbours do (deadlock): the statement was rolled
 * back, and a smaller one may work.
 */
export const isAboutData = (error: unknown): boolean => /^(?:22|23|40|54)/.test(codeOf(error));

/** Two requests with one id at the same moment: the other one was first. */
export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === '23505';
