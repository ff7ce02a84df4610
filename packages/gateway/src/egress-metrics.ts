import { Counter, Gauge, type Registry } from 'prom-client';
import type { Egress } from '@asa/egress';

/** What the sessions and exits of live keys are doing, read when the metrics are asked for. Tiers and marketplaces bound the labels. */
export function observeEgress(registry: Registry, egress: Pick<Egress, 'sessionStats'>): void {
  const sessions = new Gauge({
    name: 'asa_sessions',
    help: 'Sessions kept, by tier, marketplace and whether a request is in flight.',
    labelNames: ['tier', 'marketplace', 'state'],
    registers: [],
    collect() {
      this.reset();
      for (const { tier, domain, kept, busy } of egress.sessionStats().groups) {
        this.inc({ tier, marketplace: domain, state: 'busy' }, busy);
        this.inc({ tier, marketplace: domain, state: 'idle' }, kept - busy);
      }
    },
  });
  const dropped = new Counter({
    name: 'asa_sessions_dropped_total',
    help: 'Sessions that are not kept any longer, by reason.',
    labelNames: ['reason'],
    registers: [],
    collect() {
      this.reset();
      for (const [reason, n] of Object.entries(egress.sessionStats().dropped)) this.inc({ reason }, n);
    },
  });
  const cooling = new Gauge({
    name: 'asa_exits_cooling',
    help: 'Exits that are left alone for a while because their proxy failed.',
    registers: [],
    collect() {
      this.set(egress.sessionStats().coolingExits.length);
    },
  });
  for (const metric of [sessions, dropped, cooling]) registry.registerMetric<string>(metric);
}
