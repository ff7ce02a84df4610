import { join } from 'node:path';
import { once } from '../once.ts';
import { openSite, type DocsSite } from './site.ts';

/** Where the generator of the documentation leaves the built site. */
export const DOCS_FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'sites', 'docs', 'dist');

/** The documentation as the service has it. */
export interface Docs {
  /** The site, as soon as it is built; null when there is none. */
  site(): Promise<DocsSite | null>;
}

interface Options {
  readonly folder: string;
  readonly publicUrl: () => string;
  /** Settles when the site is built, if it is being built; never rejects. */
  readonly building: Promise<unknown>;
}

/**
 * Opened at the first request, so that a start costs nothing. While a build runs, readers get the site of the version before, or wait
 * when there is none; when it is over, they get the new one.
 */
export function createDocs({ folder, publicUrl, building }: Options): Docs {
  const open = (): Promise<DocsSite | null> => openSite(folder, publicUrl());
  let before: Promise<DocsSite | null> | null = null;
  let isBuilt = false;
  void building.then(() => (isBuilt = true));
  const built = once(open);
  return {
    async site() {
      if (isBuilt) return await built();
      const old = await (before ??= open());
      if (old !== null) return old;
      await building;
      return await built();
    },
  };
}
