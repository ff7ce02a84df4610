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

/** Opened at the first request, so that a start costs nothing. A request during the build waits for it. */
export function createDocs({ folder, publicUrl, building }: Options): Docs {
  const open = once(async () => {
    await building;
    return await openSite(folder, publicUrl());
  });
  return { site: open };
}
