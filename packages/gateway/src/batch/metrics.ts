import { Gauge, type Registry } from 'prom-client';
import type { Jobs } from '@asa/jobs';
import { observe } from '../read-metrics.ts';

/** What there is to do for batches: of all nodes together from the database, read anew for each scrape; and of this process. */
export function observeBatches(registry: Registry, jobs: Pick<Jobs, 'depth' | 'atWork'>): void {
  const items = new Gauge({
    name: 'asa_batch_items',
    help: 'Items of batches without a result, in all nodes together, by state: waiting, delayed (to be tried again later), following (copies of others), at_work.',
    labelNames: ['state'],
    registers: [],
    async collect() {
      const { waiting, delayed, following, atWork, batches } = await jobs.depth();
      this.set({ state: 'waiting' }, waiting);
      this.set({ state: 'delayed' }, delayed);
      this.set({ state: 'following' }, following);
      this.set({ state: 'at_work' }, atWork);
      open.set(batches);
    },
  });
  const open = new Gauge({
    name: 'asa_batches_open',
    help: 'Batches that have not ended, in all nodes together.',
    registers: [],
  });
  for (const gauge of [items, open]) registry.registerMetric(gauge);
  observe(registry, Gauge, {
    name: 'asa_batch_items_at_work',
    help: 'Items of batches that this process has at work.',
    read: jobs.atWork,
  });
}
