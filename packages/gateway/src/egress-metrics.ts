import { Counter, Gauge, type Registry } from 'prom-client';
import type { Egress } from '@asa/egress';
import { observe, type Sample } from './read-metrics.ts';

const TIER = ['tier', 'marketplace'];
const of = (domain: string, tier: string): Sample[1] => ({ tier, marketplace: domain });

/**
 * What the sessions, exits and tiers of live keys are doing, read when the metrics are asked for. Tiers and marketplaces
 * bound the labels; exits are counted, not named.
 */
export function observeEgress(
  registry: Registry,
  egress: Pick<Egress, 'sessionStats' | 'stats'>,
  flights: { stats(): { readonly joined: number } },
): void {
  observe(registry, Gauge, {
    name: 'asa_sessions',
    help: 'Sessions kept, by tier, marketplace and whether a request is in flight.',
    labels: [...TIER, 'state'],
    read: () =>
      egress.sessionStats().groups.flatMap(({ tier, domain, kept, busy }): Sample[] => [
        [busy, { ...of(domain, tier), state: 'busy' }],
        [kept - busy, { ...of(domain, tier), state: 'idle' }],
      ]),
  });
  observe(registry, Counter, {
    name: 'asa_sessions_dropped_total',
    help: 'Sessions that are not kept any longer, by reason.',
    labels: ['reason'],
    read: () => Object.entries(egress.sessionStats().dropped).map(([reason, n]) => [n, { reason }]),
  });
  observe(registry, Gauge, {
    name: 'asa_exits_cooling',
    help: 'Exits that are left alone for a while because their proxy failed.',
    read: () => egress.sessionStats().coolingExits.length,
  });
  observe(registry, Gauge, {
    name: 'asa_exits_slowed',
    help: 'Exits whose pace is lowered or held because the marketplace blocks them.',
    labels: TIER,
    read: () => egress.stats().paces.map(({ domain, tier }) => [1, of(domain, tier)]),
  });
  observe(registry, Gauge, {
    name: 'asa_tier_bad_share',
    help: 'Share of the recent attempts of a tier that went badly, 0 to 1.',
    labels: TIER,
    read: () => egress.stats().tiers.map(({ domain, tier, badShare }) => [badShare, of(domain, tier)]),
  });
  observe(registry, Gauge, {
    name: 'asa_tier_skipped',
    help: '1 while the breaker of a tier at a marketplace is open, else 0.',
    labels: TIER,
    read: () => egress.stats().tiers.map(({ domain, tier, health }) => [health === 'open' ? 1 : 0, of(domain, tier)]),
  });
  observe(registry, Gauge, {
    name: 'asa_upstream',
    help: 'Upstream requests, running and waiting for a place.',
    labels: ['state'],
    read: () => [
      [egress.stats().running, { state: 'running' }],
      [egress.stats().waiting, { state: 'waiting' }],
    ],
  });
  observe(registry, Counter, {
    name: 'asa_hedges_total',
    help: 'Second attempts that raced a slow first one, by how the race ended.',
    labels: ['result'],
    read() {
      const { started, won } = egress.stats().hedges;
      return [
        [won, { result: 'won' }],
        [started - won, { result: 'lost' }],
      ];
    },
  });
  observe(registry, Counter, {
    name: 'asa_requests_shared_total',
    help: 'Requests that were answered from the fetch of an identical one.',
    read: () => flights.stats().joined,
  });
}
