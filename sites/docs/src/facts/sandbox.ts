import { SANDBOX } from '@asa/contract';
import { code, table } from './table.ts';

export const sandboxTable = (): string =>
  table(
    ['ASIN', 'What the sandbox plays', 'Outcome'],
    Object.entries(SANDBOX).map(([asin, { does, outcome }]) => [
      code(asin),
      does,
      outcome === 'slow' || outcome === 'flaky' ? '200' : `[\`${outcome}\`](/guides/errors#${outcome})`,
    ]),
  );
