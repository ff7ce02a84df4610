import type { Page } from './pages.ts';
import { BASE, markdownPathOf, PAGES, pathOf, SECTIONS } from './site.ts';

/** The pages as plain Markdown, for machines and for people who read with `curl`. */

/** Sources link to pages from the root of the site, readers from the root of the service. */
const PUBLIC: ReadonlyMap<string, string> = new Map(
  PAGES.map((page) => [pathOf(page).slice(BASE.length - 1), pathOf(page)]),
);

/** A page without what only the generator understands: front matter, code groups, raw HTML, anchors in headings; its links lead where they do in the served page. */
export function plainMarkdown(page: Page): string {
  const body = page.source.replace(/^---\n[\s\S]*?\n---\n+/, '');
  const text = body === '' || page.name === 'index' ? `${homeAsText(page)}\n${body}` : body;
  return `${text
    .replaceAll(/^:::.*\n/gm, '')
    .replaceAll(/^```(\w+) \[([^\]]+)\]$/gm, '$2:\n\n```$1')
    .replaceAll(/^(#{1,6} .*?) \{#[\w-]+\}$/gm, '$1')
    .replaceAll(/^<[^>]+>\n/gm, '')
    .replaceAll(/(\]\([^()\s]+\))\{[^}\n]*\}/g, '$1')
    .replaceAll(/\]\((\/[\w/-]*)/g, (link, path: string) => (PUBLIC.has(path) ? `](${PUBLIC.get(path)}` : link))
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

/** The home page is made of front matter: its words as text, then where to go on. */
function homeAsText(page: Page): string {
  const say = (key: string): string => new RegExp(`^\\s+${key}: (.+)$`, 'm').exec(page.source)?.[1] ?? '';
  return `# ${say('name')}\n\n${say('text')}\n\n${say('tagline')}\n`;
}

/** `llms.txt`: what there is, one line a page, with links to the Markdown. */
export function llmsIndex(pages: readonly Page[]): string {
  const byName = new Map(pages.map((page) => [page.name, page]));
  const line = (name: string): string => {
    const page = byName.get(name);
    return `- [${page?.title ?? name}](${markdownPathOf(name)}): ${page?.description ?? ''}`;
  };
  return [
    '# ASA',
    '',
    '> An open, self-hostable Amazon scraper API: clean, typed JSON, or a precise error that costs nothing.',
    '',
    `The whole documentation in one file: ${BASE}llms-full.txt. The OpenAPI document: /openapi.json.`,
    ...SECTIONS.flatMap(({ title, pages: names }) => ['', `## ${title}`, '', ...names.map(line)]),
    '',
  ].join('\n');
}

/** `llms-full.txt`: every page, one after the other, each under its path. */
export const llmsFull = (pages: readonly Page[]): string =>
  pages.map((page) => `<!-- ${markdownPathOf(page.name)} -->\n\n${plainMarkdown(page)}`).join('\n---\n\n');
