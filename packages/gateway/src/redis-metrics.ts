import { Counter, Gauge, type Registry } from 'prom-client';
import type { Redis } from '@asa/accounts';
import { observe } from './read-metrics.ts';

/** Whether the ceilings are shared, and how often they were not; nothing for a single node. */
export function observeRedis(registry: Registry, redis: Redis | null): void {
  if (redis === null) return;
  observe(registry, Gauge, {
    name: 'asa_limits_shared',
    help: '1 while rate and concurrency are shared over all nodes, 0 while Redis does not answer and each node counts for itself.',
    read: () => (redis.isThere() ? 1 : 0),
  });
  observe(registry, Counter, {
    name: 'asa_limits_unshared_total',
    help: 'Calls whose ceilings were counted by this node alone because Redis did not answer.',
    read: redis.unanswered,
  });
}
