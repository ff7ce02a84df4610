import { endpointsTable, headersTable, parametersTable } from './endpoints.ts';
import { errorSections, errorTable, retryTable } from './errors.ts';
import { batchBody, batchFields, batchShares, estimateFields, receiptFields, resultFields } from './batches.ts';
import { cardFields, listFields, productFields, traceFields } from './fields.ts';
import { languagesTable, marketplacesTable } from './marketplaces.ts';
import { plansTable, priceLine } from './plans.ts';
import { sandboxTable } from './sandbox.ts';
import { settingsTable } from './settings.ts';

/** Text that is made from the declarations in the code, by the name under which a page asks for it. */
export const FACTS: Readonly<Record<string, () => string>> = {
  'error-table': errorTable,
  'error-sections': errorSections,
  'retry-table': retryTable,
  'product-fields': productFields,
  'card-fields': cardFields,
  'list-fields': listFields,
  'trace-fields': traceFields,
  'batch-fields': batchFields,
  'result-fields': resultFields,
  'estimate-fields': estimateFields,
  'batch-body': batchBody,
  'batch-shares': batchShares,
  'receipt-fields': receiptFields,
  'product-parameters': () => parametersTable('product'),
  'search-parameters': () => parametersTable('search'),
  'request-list-parameters': () => parametersTable('listRequests'),
  endpoints: () => endpointsTable('key'),
  'admin-endpoints': () => endpointsTable('admin'),
  'open-endpoints': () => endpointsTable('none'),
  headers: headersTable,
  plans: plansTable,
  prices: priceLine,
  sandbox: sandboxTable,
  settings: settingsTable,
  marketplaces: marketplacesTable,
  languages: languagesTable,
};
