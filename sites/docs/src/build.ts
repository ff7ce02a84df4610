import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build as vitepress } from 'vitepress';
import { llmsFull, llmsIndex, plainMarkdown } from './markdown.ts';
import { withLock } from './lock.ts';
import { readPages, type Page } from './pages.ts';
import { referenceFiles } from './reference.ts';

const ROOT = join(import.meta.dirname, '..');
const STAGE = join(ROOT, '.stage');
/** The built site: what the service serves under `/docs`. */
export const DIST = join(ROOT, 'dist');

/** What the service must know of a built site; `site.json` in it. */
interface Manifest {
  /** Hash of everything that the site was made of. */
  readonly stamp: string;
  /** SHA-256 of every inline script, for the content security policy. */
  readonly scripts: readonly string[];
}

/** Builds the site unless it is there and made of the same. Answers whether it was built. One build at a time, also between processes. */
export async function ensureBuilt(say: (line: string) => void): Promise<boolean> {
  const pages = readPages();
  const stamp = stampOf(pages);
  if (builtStamp() === stamp) return false;
  return await withLock(join(ROOT, '.stage.lock'), async () => {
    if (builtStamp() === stamp) return false;
    say('Building the documentation; this is done once and takes some seconds.');
    await build(pages, stamp);
    return true;
  });
}

/** The stamp of the site that is there, or null. */
function builtStamp(): string | null {
  const file = join(DIST, 'site.json');
  if (!existsSync(file)) return null;
  return (JSON.parse(readFileSync(file, 'utf8')) as Manifest).stamp;
}

async function build(pages: readonly Page[], stamp: string): Promise<void> {
  rmSync(STAGE, { recursive: true, force: true });
  for (const page of pages) put(join(STAGE, 'pages', `${page.name}.md`), page.source);
  put(join(STAGE, 'titles.json'), JSON.stringify(Object.fromEntries(pages.map(({ name, title }) => [name, title]))));
  cpSync(join(ROOT, 'public'), join(STAGE, 'pages', 'public'), { recursive: true });
  await vitepress(ROOT, { logLevel: 'warn' } as Parameters<typeof vitepress>[1]);

  const made = join(STAGE, 'dist');
  for (const page of pages) put(join(made, `${page.name}.md`), plainMarkdown(page));
  put(join(made, 'llms.txt'), llmsIndex(pages));
  put(join(made, 'llms-full.txt'), llmsFull(pages));
  for (const [name, content] of Object.entries(await referenceFiles())) put(join(made, name), content);
  const manifest: Manifest = { stamp, scripts: inlineScripts(made) };
  put(join(made, 'site.json'), JSON.stringify(manifest));

  // Whoever serves the old one has its files in memory; the new one is there whole or not at all.
  const old = join(STAGE, 'old');
  if (existsSync(DIST)) renameSync(DIST, old);
  renameSync(made, DIST);
  rmSync(STAGE, { recursive: true, force: true });
}

function put(file: string, content: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();

/** Hashes of the scripts that stand in the pages themselves (they set the colours before the first paint). */
function inlineScripts(folder: string): string[] {
  const hashes = new Set<string>();
  for (const file of files(folder).filter((name) => name.endsWith('.html'))) {
    for (const [, text = ''] of readFileSync(file, 'utf8').matchAll(
      /<script(?![^>]*\bsrc=)[^>]*>([\s\S]+?)<\/script>/g,
    ))
      hashes.add(createHash('sha256').update(text).digest('base64'));
  }
  return [...hashes].toSorted();
}

/** Of the pages with their facts, the theme, this generator, and the versions of what it uses. */
function stampOf(pages: readonly Page[]): string {
  const hash = createHash('sha256');
  for (const page of pages) hash.update(`${page.name}\0${page.source}\0`);
  const own = ['.vitepress', 'src', 'public'].flatMap((name) => files(join(ROOT, name)));
  for (const file of [...own, join(ROOT, 'package.json')])
    hash.update(`${file.slice(ROOT.length)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}
