import {
  ApiError,
  decodeCursor,
  encodeCursor,
  listPage,
  planRow,
  type AutoTopUp,
  type BudgetsChange,
  type ListPage,
  type ListQuery,
  type PlanName,
  type Workspace,
} from '@asa/contract';
import type { Store } from '@asa/store';
import type { BudgetTerms } from '../budgets/terms.ts';
import { checkText, isId, newId, noWorkspace } from '../ids.ts';
import { monthlyAllowance, upgradeEntries } from '../ledger/balance.ts';
import { readBalance, withBalance } from '../ledger/open-balance.ts';
import type { Context } from '../types.ts';
import { changeCredits, type CreditsChange, type CreditsEntry } from './adjust.ts';
import {
  findWorkspace,
  insertWorkspace,
  SELECT_WORKSPACE,
  toWorkspace,
  type NewWorkspace,
  type WorkspaceRow,
} from './row.ts';

/** Changes of a workspace; what is left out stays. */
export interface WorkspacePatch {
  readonly name?: string | undefined;
  readonly plan?: PlanName | undefined;
  readonly limits?: NewWorkspace['limits'];
  readonly auto_top_up?: { readonly [K in keyof AutoTopUp]?: AutoTopUp[K] | undefined } | undefined;
  readonly allowance?: number | undefined;
  /** Counted from the beginning of the period, what was spent before included. */
  readonly budgets?: BudgetsChange | undefined;
}

/** Workspaces for the operator (contract section 10). Every method throws ApiError `not_found` for an unknown workspace. */
export interface Workspaces {
  create: (made: NewWorkspace) => Promise<Workspace>;
  /** Newest first. @throws ApiError `invalid_params` for a bad cursor */
  list: (query: ListQuery) => Promise<ListPage<Workspace>>;
  get: (id: string) => Promise<Workspace>;
  /**
   * Changes take effect at once on this node, and within 10 s on the others. The ceilings of a new plan hold at once (those set for the
   * workspace stay). A larger allowance: the difference to what was granted this month is granted at once. A smaller one: with the next month.
   */
  patch: (id: string, patch: WorkspacePatch) => Promise<Workspace>;
  /** Tops up or takes away. @throws ApiError `invalid_params` for 0, or for more than there is */
  credits: (id: string, change: CreditsChange) => Promise<CreditsEntry>;
}

const LIST = 'workspaces';

/** @param onChange plans or ceilings were changed. */
export function createWorkspaces(
  store: Store,
  { now, random }: Pick<Context, 'now' | 'random'>,
  onChange: () => void,
  budgets: Pick<BudgetTerms, 'count' | 'set'>,
): Workspaces {
  const get = async (id: string): Promise<WorkspaceRow> => {
    if (!isId('ws', id)) throw noWorkspace(id);
    const row = await findWorkspace(store, id);
    if (row === undefined) throw noWorkspace(id);
    if (now() < row.resets_at.getTime()) return row;
    await readBalance(store, id, now());
    return (await findWorkspace(store, id)) ?? row;
  };

  return {
    async create(made) {
      checkText('name', made.name);
      checkAllowance(made.plan, made.allowance);
      const id = newId('ws', random);
      await store.transaction((tx) => insertWorkspace(tx, id, made, now()));
      return toWorkspace(await get(id));
    },

    async list({ limit, cursor }) {
      const [at, id] = decodeCursor(LIST, ['number', 'text'], cursor) ?? [null, null];
      const rows = await store.query<WorkspaceRow>(
        `${SELECT_WORKSPACE} WHERE $1::timestamptz IS NULL OR (w.created_at, w.id) < ($1, $2)
          ORDER BY w.created_at DESC, w.id DESC LIMIT $3`,
        [at === null ? null : new Date(at), id, limit + 1],
      );
      const page = listPage(
        rows,
        limit,
        (row) => row,
        (row) => encodeCursor(LIST, [row.created_at.getTime(), row.id]),
      );
      const items: Workspace[] = [];
      for (const row of page.items) {
        items.push(toWorkspace(now() < row.resets_at.getTime() ? row : await get(row.id)));
      }
      return { items, nextCursor: page.nextCursor };
    },

    get: async (id) => toWorkspace(await get(id)),

    async patch(id, patch) {
      if (patch.name !== undefined) checkText('name', patch.name);
      const spent = patch.budgets === undefined || !isId('ws', id) ? null : await budgets.count(id);
      await withBalance(store, id, now(), async ({ tx, current, append }) => {
        const row = await findWorkspace(tx, id);
        if (row === undefined) throw noWorkspace(id);
        const { plan = row.plan, limits = {} } = patch;
        checkAllowance(plan, patch.allowance);
        const agreed = patch.allowance ?? row.allowance_credits;
        await tx.query(
          `UPDATE workspaces SET name = $2, plan = $3, allowance_credits = $4, rps = $5, burst_rps = $6, concurrency = $7,
                  auto_top_up = $8 WHERE id = $1`,
          [
            id,
            patch.name ?? row.name,
            plan,
            agreed,
            limits.rps ?? row.rps,
            limits.burst_rps ?? row.burst_rps,
            limits.concurrency ?? row.concurrency,
            { ...row.auto_top_up, ...patch.auto_top_up },
          ],
        );
        const entries = upgradeEntries(current(), monthlyAllowance(plan, agreed), `larger allowance (plan ${plan})`);
        if (entries.length > 0) await append(entries);
        if (patch.budgets !== undefined && spent !== null) await budgets.set(tx, spent, id, patch.budgets);
      });
      onChange();
      return toWorkspace(await get(id));
    },

    credits: (id, change) => changeCredits(store, id, change, now()),
  };
}

function checkAllowance(plan: PlanName, allowance: number | undefined): void {
  if (allowance === undefined) return;
  if (planRow(plan).agreed === null) {
    throw new ApiError('invalid_params', `allowance ${allowance}: the plan ${plan} has an allowance of its own.`);
  }
  if (!Number.isSafeInteger(allowance) || allowance < 0) {
    throw new ApiError('invalid_params', `allowance ${allowance} is not a whole number of credits.`);
  }
}
