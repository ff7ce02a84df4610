import { isUtf8 } from 'node:buffer';
import { readFile, realpath } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Route } from '../http/route.ts';
import { readIndex, type SavedPage } from './index-file.ts';

/** A saved page as it is served. */
export interface ReplayedPage {
  readonly served: string;
  readonly status: number;
  readonly body: Buffer;
  readonly contentType: string;
  readonly cacheKey: string;
}

export interface Replay {
  /** How many pages the folder has. */
  readonly pages: number;
  /** The page for a request, or null when the folder has none for it. Pages of one key come in turn. */
  find(route: Route): Promise<ReplayedPage | null>;
}

/** Status with which a kind of page comes; 200 for every other kind. */
const STATUS: Readonly<Record<string, number>> = { waf: 202, error503: 503, notfound404: 404 };

/**
 * Opens a folder of saved pages. Product pages are found by marketplace and ASIN, result pages by marketplace and query
 * (the number of the result page is not looked at), pages without either as ASIN `PAGE` + six-digit line number.
 */
export function openReplay(folder: string): Replay {
  const pages = readIndex(folder);
  const root = realpathSync(folder) + sep;
  const byKey = Map.groupBy(pages, keyOf);
  const turns = new Map<string, number>();
  return {
    pages: pages.length,
    async find(route) {
      const key = keyOfRoute(route);
      const candidates = key === null ? undefined : byKey.get(key);
      if (key === null || candidates === undefined) return null;
      const turn = turns.get(key) ?? 0;
      turns.set(key, (turn + 1) % candidates.length);
      const page = candidates[turn];
      return page === undefined ? null : load(root, page);
    },
  };
}

/** Keys are JSON so that no query can look like another key. */
const key = (...parts: string[]): string => JSON.stringify(parts);
const pageName = (line: number): string => `PAGE${String(line).padStart(6, '0')}`;

function keyOf({ asin, query, marketplace, line }: SavedPage): string {
  if (asin !== null) return key('asin', marketplace, asin);
  return query === null ? key('page', pageName(line)) : key('query', marketplace, query);
}

function keyOfRoute(route: Route): string | null {
  if (route.kind === 'search') return key('query', route.domain, route.query);
  if (route.kind !== 'product') return null;
  return /^PAGE\d{6}$/.test(route.asin) ? key('page', route.asin) : key('asin', route.domain, route.asin);
}

async function load(root: string, page: SavedPage): Promise<ReplayedPage> {
  const path = await realpath(join(root, page.file));
  if (!path.startsWith(root)) throw new Error(`line ${page.line}: ${page.file} leads out of the folder`);
  const body = await readFile(path);
  return {
    served: `replay ${page.kind}`,
    status: STATUS[page.kind] ?? 200,
    body,
    // A page in another charset says so itself; the header must not contradict it.
    contentType: isUtf8(body) ? 'text/html;charset=UTF-8' : 'text/html',
    cacheKey: key('replay', String(page.line)),
  };
}
