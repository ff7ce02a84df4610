import type { Operation } from './operation.ts';

/** Groups of operations in the documents, in this order. An operation belongs to the one with the longest prefix that fits. */
const TAGS = [
  { name: 'Pages', prefix: '/api/v1/amazon/', about: 'Products and searches, one request each.' },
  { name: 'Batches', prefix: '/api/v1/amazon/batch', about: 'Many products or searches in one order.' },
  {
    name: 'Account',
    prefix: '/api/',
    about: 'Plan, credits, usage, and the traces of your requests. All of it is free.',
  },
  { name: 'Operations', prefix: '/', about: 'Health, readiness, metrics. No key is needed.' },
  { name: 'Admin', prefix: '/admin/', about: 'For whoever runs the installation, with the admin token.' },
] as const;

export const tagOf = ({ path }: Operation): string =>
  TAGS.filter(({ prefix }) => path.startsWith(prefix)).reduce((a, b) => (b.prefix.length > a.prefix.length ? b : a))
    .name;

/** The groups that these operations belong to, as the document lists them. */
export function tagsOf(operations: readonly Operation[]): { name: string; description: string }[] {
  const used = new Set(operations.map(tagOf));
  return TAGS.filter(({ name }) => used.has(name)).map(({ name, about }) => ({ name, description: about }));
}
