import { createUndiciTransport, openTiersFile, type Egress, type Tier } from '@asa/egress';
import type { Logger } from 'pino';
import { ConfigError, SETTINGS } from './config.ts';

export type Tiers = readonly [Tier, ...Tier[]];

/** What a server does without a tiers file: it goes to the marketplace by itself. */
const direct = (): Tiers => [{ name: 'direct', transport: createUndiciTransport(), exitCountries: null }];

/** The tiers of live keys: those of the file, or the direct one when there is none. Throws a `ConfigError` with every problem. */
export async function openLiveTiers(file: string | null): Promise<Tiers> {
  if (file === null) return direct();
  const opened = await openTiersFile(file);
  if (opened.ok) return opened.tiers;
  throw new ConfigError(
    opened.problems.map((problem) => `${SETTINGS.egressFile.env}=${JSON.stringify(file)} ${problem}`),
  );
}

interface Options {
  readonly file: string | null;
  readonly egress: Pick<Egress, 'replaceTiers'>;
  readonly log: Logger;
}

/**
 * Reads the tiers file again and puts its tiers in place of the present ones; a file with problems leaves them as they are, and the
 * log says in one line what is wrong. One after the other, so that the last signal wins.
 */
export function createReload({ file, egress, log }: Options): () => Promise<void> {
  let last = Promise.resolve();
  const reload = async (): Promise<void> => {
    if (file === null) return;
    try {
      const tiers = await openLiveTiers(file);
      egress.replaceTiers(tiers);
      log.info({ file, tiers: tiers.map(({ name }) => name) }, 'the tiers file was read again');
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      log.error({ file, problems: error.problems }, 'the tiers file has problems; the tiers stay as they were');
    }
  };
  return () => {
    const next = last.then(reload);
    // A bug is reported to whoever asked, and does not keep later ones from being tried.
    last = next.catch(() => {});
    return next;
  };
}
