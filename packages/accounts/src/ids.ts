import { ApiError, quote } from '@asa/contract';
import type { Store } from '@asa/store';
import type { Context } from './types.ts';

const ID_BYTES = 8;

/** A new id: its kind and 16 hex digits. */
export const newId = (kind: 'ws' | 'key' | 'top', random: Context['random']): string =>
  `${kind}_${Buffer.from(random(ID_BYTES)).toString('hex')}`;

export const noWorkspace = (id: string): ApiError => new ApiError('not_found', `There is no workspace ${quote(id)}.`);

/** Tells the workspace without rows in a list from the one that there is not. @throws ApiError `not_found` */
export async function checkWorkspace(store: Pick<Store, 'query'>, id: string): Promise<void> {
  const [workspace] = await store.query('SELECT FROM workspaces WHERE id = $1', [id]);
  if (workspace === undefined) throw noWorkspace(id);
}

/** Whether the text can be an id; what cannot be one is not looked up. */
export const isId = (kind: 'ws' | 'key', text: string): boolean => new RegExp(`^${kind}_[0-9a-f]{16}$`).test(text);

/** Refuses what PostgreSQL cannot store in a text. */
export function checkText(field: string, text: string): void {
  if (text.includes('\0')) throw new ApiError('invalid_params', `${field} ${quote(text)} contains a NUL byte.`);
}
