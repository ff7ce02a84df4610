/** Minutes from a failed attempt to the next one; after the last the event has failed (contract section 8). */
export const RETRY_MINUTES: readonly number[] = [1, 2, 5, 15, 60];

const MINUTE_MS = 60_000;

/** When to try again after so many failed attempts (from 1), in ms; null: no more. */
export function retryDelay(attempts: number): number | null {
  const minutes = RETRY_MINUTES[attempts - 1];
  return minutes === undefined ? null : minutes * MINUTE_MS;
}

/** What is at work and what may be: in all, of one workspace, and of one workspace to one host. */
export const CEILINGS = { total: 32, workspace: 8, lane: 4 } as const;

export interface Waiting {
  readonly id: string;
  readonly workspace_id: string;
  readonly lane: string;
}

/** Which of those that are due, in this order, can be sent now beside those at work. A slow target fills its own lane and no other. */
export function choose<T extends Waiting>(due: readonly T[], atWork: readonly Waiting[]): T[] {
  const counts = new Map<string, number>();
  const take = ({ workspace_id, lane }: Waiting): void => {
    for (const name of [lane, ` ${workspace_id}`]) counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  for (const one of atWork) take(one);
  const chosen: T[] = [];
  for (const one of due) {
    if (atWork.length + chosen.length >= CEILINGS.total) break;
    if ((counts.get(one.lane) ?? 0) >= CEILINGS.lane) continue;
    if ((counts.get(` ${one.workspace_id}`) ?? 0) >= CEILINGS.workspace) continue;
    take(one);
    chosen.push(one);
  }
  return chosen;
}

/** Lanes and workspaces that have no place left. */
export function full(atWork: readonly Waiting[]): { readonly lanes: string[]; readonly workspaces: string[] } {
  const reached = (names: readonly string[], ceiling: number): string[] =>
    [...new Set(names)].filter((name) => names.filter((other) => other === name).length >= ceiling);
  return {
    lanes: reached(
      atWork.map((one) => one.lane),
      CEILINGS.lane,
    ),
    workspaces: reached(
      atWork.map((one) => one.workspace_id),
      CEILINGS.workspace,
    ),
  };
}
