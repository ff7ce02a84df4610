import {
  BATCH_SHARES,
  BatchBody,
  BatchResult,
  BatchSummary,
  EstimateAnswer,
  PLAN_NAMES,
  ReceiptClaims,
} from '@asa/contract';
import { fieldsOf, HEAD, rowsOf } from './fields.ts';
import { code, table } from './table.ts';

export const batchFields = (): string => table(HEAD, rowsOf(fieldsOf(BatchSummary)));
export const resultFields = (): string => table(HEAD, rowsOf(fieldsOf(BatchResult)));
export const batchBody = (): string => table(HEAD, rowsOf(fieldsOf(BatchBody)));
export const estimateFields = (): string => table(HEAD, rowsOf(fieldsOf(EstimateAnswer)));
export const receiptFields = (): string => table(HEAD, rowsOf(fieldsOf(ReceiptClaims)));

export const batchShares = (): string =>
  table(
    ['Plan', 'Weight', 'Items at work', 'Open batches'],
    PLAN_NAMES.map((plan) => {
      const { weight, concurrency, open } = BATCH_SHARES[plan];
      return [code(plan), String(weight), String(concurrency), String(open)];
    }),
  );
