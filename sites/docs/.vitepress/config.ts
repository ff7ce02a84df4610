import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { BASE, pathOf, SECTIONS } from '../src/site.ts';
import { classes } from '../src/highlight.ts';

const STAGE = join(import.meta.dirname, '..', '.stage');
/** Title of each page, written beside the staged pages. */
const titles = JSON.parse(readFileSync(join(STAGE, 'titles.json'), 'utf8')) as Record<string, string>;

export default defineConfig({
  title: 'ASA',
  titleTemplate: ':title · ASA docs',
  description: 'An open, self-hostable Amazon scraper API: clean, typed JSON, or a precise error that costs nothing.',
  lang: 'en',
  base: BASE,
  srcDir: '.stage/pages',
  outDir: '.stage/dist',
  cacheDir: '.stage/cache',
  cleanUrls: true,
  // Switching off transitions while the colours change would put a style element into the page.
  appearance: { disableTransition: false },
  // Data about the pages in a file of its own instead of an inline script.
  metaChunk: true,
  // A dead link ends the build.
  ignoreDeadLinks: [/^\/docs\/reference$/, /^\/llms(?:-full)?\.txt$/, /\.md$/, /openapi\.json$/],
  head: [
    ['link', { rel: 'icon', href: `${BASE}icon.svg`, type: 'image/svg+xml' }],
    ['meta', { name: 'theme-color', content: '#0f766e' }],
    ['link', { rel: 'stylesheet', href: `${BASE}code.css` }],
  ],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    codeTransformers: [classes.transformer],
  },
  buildEnd: ({ outDir }) => writeFileSync(join(outDir, 'code.css'), classes.css()),
  // Style attributes would need a laxer content security policy; style.css has what they said.
  transformHtml: (html) => html.replaceAll(/ style="(?:|position:relative;|--vp-vh:0px;)"/g, ''),
  transformPageData(page) {
    const source = page.relativePath.replace(/\.md$/, '');
    page.frontmatter['head'] = [
      ...((page.frontmatter['head'] as unknown[] | undefined) ?? []),
      ['link', { rel: 'alternate', type: 'text/markdown', href: `${BASE}${source}.md` }],
    ];
  },
  themeConfig: {
    siteTitle: 'ASA docs',
    logo: '/icon.svg',
    search: { provider: 'local', options: { detailedView: true } },
    outline: { level: [2, 3], label: 'On this page' },
    docFooter: { prev: 'Before', next: 'Next' },
    nav: [
      { text: 'Start', link: '/getting-started' },
      { text: 'Errors', link: '/guides/errors' },
      { text: 'Endpoints', link: '/api/' },
      { text: 'Reference', link: '/reference', target: '_self' },
    ],
    sidebar: SECTIONS.map(({ title, pages }) => ({
      text: title,
      items: pages.map((page) => ({ text: titles[page] ?? page, link: pathOf(page).slice(BASE.length - 1) })),
    })),
  },
});
