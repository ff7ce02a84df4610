import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathOf } from '../src/site.ts';
import { browserPath, PHONE, startBrowser, WIDE } from './browser.ts';

/**
 * Pictures of the main pages, in light and dark, wide and on a phone, to be looked at by a person:
 *   npm run docs:screenshots -- --url http://localhost:8080 --out out/screenshots
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:8080' },
    out: { type: 'string', default: 'out/screenshots' },
    pages: { type: 'string', default: 'index,getting-started,guides/errors,guides/rate-limits,api/product,api/index' },
    reference: { type: 'boolean', default: true },
  },
});
const executable = browserPath();
if (executable === null) {
  console.error('There is no Chromium here (Debian: apt-get install chromium).');
  process.exit(1);
}
mkdirSync(values.out, { recursive: true });
const browser = await startBrowser(executable);
const pages = values.pages.split(',').map((name) => ({ name: name.replaceAll('/', '-'), path: pathOf(name) }));
if (values.reference) pages.push({ name: 'reference', path: '/docs/reference' });
for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, viewport] of [['wide', WIDE] as const, ['phone', PHONE] as const]) {
    const context = await browser.newContext({ colorScheme, viewport });
    for (const { name, path } of pages) {
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') console.log(`${path}: ${message.text()}`);
      });
      await page.goto(`${values.url}${path}`, { waitUntil: 'networkidle' });
      const file = join(values.out, `${name}-${size}-${colorScheme}.png`);
      await page.screenshot({ path: file });
      console.log(file);
      await page.close();
    }
    await context.close();
  }
}
await browser.close();
