import { Counter, Gauge, type Registry } from 'prom-client';
import type { Redis } from '@asa/accounts';

/** Whether the ceilings are shared, and how often they were not; nothing for a single node. */
export function observeRedis(registry: Registry, redis: Redis | null): void {
  if (redis === null) return;
  registry.registerMetric(
    new Gauge({
      name: 'asa_limits_shared',
      help: '1 while rate and concurrency are shared over all nodes, 0 while Redis does not answer and each node counts for itself.',
      registers: [],
      collect() {
        this.set(redis.isThere() ? 1 : 0);
      },
    }),
  );
  registry.registerMetric(
    new Counter({
      name: 'asa_limits_unshared_total',
      help: 'Calls whose ceilings were counted by this node alone because Redis did not answer.',
      registers: [],
      collect() {
        this.reset();
        this.inc(redis.unanswered());
      },
    }),
  );
}
