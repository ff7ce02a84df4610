import { readFile } from 'node:fs/promises';
import { countriesOf } from '../exits.ts';
import { createImpitTransport } from '../impit/transport.ts';
import type { Transport } from '../transport.ts';
import type { ExitRow, Tier } from '../types.ts';
import { createUndiciTransport } from '../undici/transport.ts';
import { parseTiers } from './parse.ts';
import type { TierSettings, TiersFile } from './schema.ts';

type Tiers = readonly [Tier, ...Tier[]];

export type OpenedTiers =
  | { readonly ok: true; readonly tiers: Tiers }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * The tiers that a file describes, with transports of their own, or every problem with the file, one line each, without a value of
 * it. Whoever gets them closes their transports (`Egress.close` and `replaceTiers` do).
 */
export async function openTiersFile(path: string): Promise<OpenedTiers> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    if (code === null) throw error;
    return { ok: false, problems: [`the file cannot be read (${code})`] };
  }
  const parsed = parseTiers(text);
  return parsed.ok ? openTiers(parsed.file) : parsed;
}

/** One transport of each kind serves all tiers of a file: they keep proxies and sessions apart. */
async function openTiers({ tiers }: TiersFile): Promise<OpenedTiers> {
  const wantsImpit = tiers.some(({ transport }) => transport === 'impit');
  // Whatever the reason why its native part does not load, the operator has to take another transport.
  const impit = wantsImpit ? await createImpitTransport().catch(() => null) : null;
  if (wantsImpit && impit === null) {
    const at = tiers.flatMap(({ transport }, i) => (transport === 'impit' ? [i] : []));
    const why = 'cannot be "impit" here: the optional package impit has no binary for this machine';
    return { ok: false, problems: at.map((i) => `tiers[${i}].transport ${why}`) };
  }
  const undici = createUndiciTransport();
  const open = (settings: TierSettings): Tier =>
    tierOf(settings, settings.transport === 'impit' && impit !== null ? impit : undici);
  const [first, ...others] = tiers.map(open);
  if (first === undefined) throw new RangeError('a tiers file without a tier');
  return { ok: true, tiers: [first, ...others] };
}

function tierOf(settings: TierSettings, transport: Transport): Tier {
  const { name, cost, plans, hedge, concurrency_per_exit, rate_per_exit, session_uses, session_minutes } = settings;
  const exits = exitsOf(settings);
  return {
    name,
    transport,
    exitCountries: countriesOf(exits),
    exits,
    perExit: { concurrency: concurrency_per_exit ?? null, ratePerSecond: rate_per_exit ?? null },
    sessionLimits: {
      ...(session_uses === undefined ? {} : { maxUses: session_uses }),
      ...(session_minutes === undefined ? {} : { maxAgeMs: session_minutes * 60_000 }),
    },
    cost,
    ...(plans === undefined ? {} : { plans }),
    ...(hedge === undefined ? {} : { hedge }),
  };
}

function exitsOf({ name, proxies = [], country }: TierSettings): [ExitRow, ...ExitRow[]] {
  const ids = new Map<string, number>();
  const [first, ...others] = proxies.map((proxy): ExitRow => {
    const address = addressOf(proxy.url);
    const nth = (ids.get(address) ?? 0) + 1;
    ids.set(address, nth);
    return {
      id: `${name}/${address}${nth === 1 ? '' : `#${nth}`}`,
      countries: proxy.countries ?? (proxy.country === undefined ? null : [proxy.country]),
      proxy: proxy.url,
    };
  });
  return first === undefined
    ? [{ id: name, countries: country === undefined ? null : [country], proxy: null }]
    : [first, ...others];
}

/** Host and port of a proxy as its URL has them: what an operator knows it by, without its credentials. */
function addressOf(url: string): string {
  return url
    .replace(/^\w+:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/[/?#].*$/, '');
}
