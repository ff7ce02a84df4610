import { SETTINGS } from '../../../../packages/gateway/src/config.ts';
import { code, table } from './table.ts';

export const settingsTable = (): string =>
  table(
    ['Variable', 'Default', 'What it does'],
    Object.values(SETTINGS).map(({ env, shown, about }) => [code(env), code(shown), about]),
  );
