import { Counter, Gauge, type Registry } from 'prom-client';
import type { Egress } from '@asa/egress';

type Labels = Readonly<Record<string, string>>;
/** One value of a metric, with its labels. */
type Sample = readonly [value: number, labels: Labels];

/**
 * What the sessions, exits and tiers of live keys are doing, read when the metrics are asked for. Tiers and marketplaces
 * bound the labels; exits are counted, not named.
 */
export function observeEgress(
  registry: Registry,
  egress: Pick<Egress, 'sessionStats' | 'stats'>,
  flights: { stats(): { readonly joined: number } },
): void {
  const register = (Kind: typeof Gauge | typeof Counter, name: string, help: string, read: () => Sample[]): void => {
    const labelNames = name in LABELS ? LABELS[name] : [];
    const metric = new Kind<string>({
      name,
      help,
      labelNames: labelNames ?? [],
      registers: [],
      collect() {
        this.reset();
        for (const [value, labels] of read()) this.inc(labels, value);
      },
    });
    registry.registerMetric<string>(metric);
  };
  const of = (domain: string, tier: string): Labels => ({ tier, marketplace: domain });

  register(Gauge, 'asa_sessions', 'Sessions kept, by tier, marketplace and whether a request is in flight.', () =>
    egress.sessionStats().groups.flatMap(({ tier, domain, kept, busy }): Sample[] => [
      [busy, { ...of(domain, tier), state: 'busy' }],
      [kept - busy, { ...of(domain, tier), state: 'idle' }],
    ]),
  );
  register(Counter, 'asa_sessions_dropped_total', 'Sessions that are not kept any longer, by reason.', () =>
    Object.entries(egress.sessionStats().dropped).map(([reason, n]) => [n, { reason }]),
  );
  register(Gauge, 'asa_exits_cooling', 'Exits that are left alone for a while because their proxy failed.', () => [
    [egress.sessionStats().coolingExits.length, {}],
  ]);
  register(Gauge, 'asa_exits_slowed', 'Exits whose pace is lowered or held because the marketplace blocks them.', () =>
    egress.stats().paces.map(({ domain, tier }) => [1, of(domain, tier)]),
  );
  register(Gauge, 'asa_tier_bad_share', 'Share of the recent attempts of a tier that went badly, 0 to 1.', () =>
    egress.stats().tiers.map(({ domain, tier, badShare }) => [badShare, of(domain, tier)]),
  );
  register(Gauge, 'asa_tier_skipped', '1 while the breaker of a tier at a marketplace is open, else 0.', () =>
    egress.stats().tiers.map(({ domain, tier, health }) => [health === 'open' ? 1 : 0, of(domain, tier)]),
  );
  register(Gauge, 'asa_upstream', 'Upstream requests, running and waiting for a place.', () => [
    [egress.stats().running, { state: 'running' }],
    [egress.stats().waiting, { state: 'waiting' }],
  ]);
  register(Counter, 'asa_hedges_total', 'Second attempts that raced a slow first one, by how the race ended.', () => {
    const { started, won } = egress.stats().hedges;
    return [
      [won, { result: 'won' }],
      [started - won, { result: 'lost' }],
    ];
  });
  register(
    Counter,
    'asa_requests_shared_total',
    'Requests that were answered from the fetch of an identical one.',
    () => [[flights.stats().joined, {}]],
  );
}

const TIER = ['tier', 'marketplace'];
const LABELS: Readonly<Record<string, readonly string[]>> = {
  asa_sessions: [...TIER, 'state'],
  asa_sessions_dropped_total: ['reason'],
  asa_exits_slowed: TIER,
  asa_tier_bad_share: TIER,
  asa_tier_skipped: TIER,
  asa_upstream: ['state'],
  asa_hedges_total: ['result'],
};
