/** The plan of the site: every page in the order of the menu. A page that is not here is not built; a test compares both. */

interface Section {
  readonly title: string;
  /** Paths of pages below `pages/`, without `.md`. */
  readonly pages: readonly string[];
}

/** Where the service mounts the site. */
export const BASE = '/docs/';

/** The address that the samples use. The service puts its own public URL in its place when it serves a page. */
export const SAMPLE_URL = 'http://localhost:8080';

export const SECTIONS: readonly Section[] = [
  { title: 'Start', pages: ['getting-started', 'guides/sandbox'] },
  {
    title: 'Guides',
    pages: [
      'guides/authentication',
      'guides/errors',
      'guides/rate-limits',
      'guides/billing',
      'guides/receipts',
      'guides/country-and-language',
      'guides/webhooks',
      'guides/traces',
      'guides/extraction-quality',
      'guides/responsible-use',
    ],
  },
  {
    title: 'Endpoints',
    pages: [
      'api/index',
      'api/product',
      'api/search',
      'api/batch',
      'api/estimate',
      'api/account',
      'api/requests',
      'api/admin',
      'api/operations',
    ],
  },
  {
    title: 'Clients',
    pages: ['clients/index', 'clients/node', 'clients/python', 'clients/go', 'clients/cli', 'clients/mcp'],
  },
  {
    title: 'Run it yourself',
    pages: ['guides/self-hosting', 'guides/settings', 'guides/backup', 'guides/scaling-out', 'guides/security'],
  },
  { title: 'More', pages: ['changelog'] },
];

/** Pages outside the menu. */
const LOOSE = ['index'];

export const PAGES: readonly string[] = [...LOOSE, ...SECTIONS.flatMap((section) => section.pages)];

/** The public path of a page: `api/index` is `/docs/api/`, `guides/errors` is `/docs/guides/errors`. */
export const pathOf = (page: string): string => `${BASE}${page === 'index' ? '' : page.replace(/\/index$/, '/')}`;
/** The public path of its Markdown. */
export const markdownPathOf = (page: string): string => `${BASE}${page}.md`;
