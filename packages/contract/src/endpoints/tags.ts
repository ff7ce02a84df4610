import type { Operation } from './operation.ts';

/** Groups of operations in the documents, in this order: the first prefix that fits. */
const TAGS = [
  { name: 'Batches', prefix: '/api/v1/amazon/batch', about: 'Many products or searches in one order.' },
  { name: 'Pages', prefix: '/api/v1/amazon/', about: 'Products and searches, one request each.' },
  {
    name: 'Account',
    prefix: '/api/',
    about: 'Plan, credits, usage, and the traces of your requests. All of it is free.',
  },
  { name: 'Admin', prefix: '/admin/', about: 'For whoever runs the installation, with the admin token.' },
  { name: 'Operations', prefix: '/', about: 'Health, readiness, metrics. No key is needed.' },
] as const;

export const tagOf = (operation: Operation): string =>
  TAGS.find(({ prefix }) => operation.path.startsWith(prefix))?.name ?? 'Operations';

/** The groups that these operations belong to, as the document lists them. */
export function tagsOf(operations: readonly Operation[]): { name: string; description: string }[] {
  const used = new Set(operations.map(tagOf));
  const order = ['Pages', 'Batches', 'Account', 'Operations', 'Admin'];
  return TAGS.filter(({ name }) => used.has(name))
    .toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
    .map(({ name, about }) => ({ name, description: about }));
}
