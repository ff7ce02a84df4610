import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { TestServer } from '../../../packages/gateway/test/harness.ts';
import { PAGES, pathOf } from '../src/site.ts';
import { browserPath, PHONE, startBrowser, WIDE } from './browser.ts';
import { startDocs } from './support.ts';

/** The pages in a real browser: accessible, usable on a phone, quiet (nothing blocked, nothing from elsewhere), and the try-it works. */

const executable = browserPath();
const skip =
  executable === null ? 'SKIPPED, LOUDLY: there is no Chromium here (Debian: apt-get install chromium)' : false;
if (skip !== false) console.error(skip);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Pages that between them have every part of the look: their dark form is judged too. */
const ALSO_DARK = new Set([
  'index',
  'getting-started',
  'guides/errors',
  'guides/self-hosting',
  'guides/settings',
  'api/product',
  'api/admin',
]);

/** What must not be: the two worst classes of findings. */
const SERIOUS = ['serious', 'critical'];
interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

describe('in a browser', { skip }, () => {
  let server: TestServer;
  let browser: Browser;
  before(async () => {
    [server, browser] = await Promise.all([startDocs(), startBrowser(executable ?? '')]);
  });
  after(async () => {
    await browser.close();
    await server.close();
  });

  /** Opens a page and collects whatever the browser complains about and every request that leaves the house. */
  async function open(path: string): Promise<{ page: Page; noise: string[] }> {
    const context = await browser.newContext({ viewport: WIDE, colorScheme: 'light', reducedMotion: 'reduce' });
    const page = await context.newPage();
    const noise: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) noise.push(message.text());
    });
    page.on('pageerror', (error) => noise.push(String(error)));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== server.url && protocol.startsWith('http')) noise.push(`asked for ${request.url()}`);
    });
    await page.goto(`${server.url}${path}`, { waitUntil: 'load' });
    // The scripts have taken over: what is there now answers to clicks.
    await becomes(
      page,
      'document.querySelector("#app")?.__vue_app__ !== undefined || document.querySelector("#reference *") !== null',
    );
    return { page, noise };
  }

  /**
   * Waits until an expression holds. Each look goes through the debugger: what Playwright itself would leave in the page
   * to look again evaluates a string, which the policy of the pages forbids.
   */
  async function becomes(page: Page, expression: string): Promise<void> {
    const until = Date.now() + 30_000;
    while (!(await page.evaluate<boolean>(expression))) {
      if (Date.now() > until) assert.fail(`It does not become true: ${expression}`);
      await new Promise((again) => setTimeout(again, 20));
    }
  }

  async function findings(page: Page): Promise<string[]> {
    // Through the debugger: the policy of the pages, which forbids foreign scripts, stays in force.
    await page.evaluate(AXE);
    const result = await page.evaluate<{ violations: Finding[] }>('axe.run(document, { resultTypes: ["violations"] })');
    return result.violations
      .filter(({ impact }) => SERIOUS.includes(impact))
      .flatMap(({ id, nodes }) =>
        nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`),
      );
  }

  for (const name of PAGES) {
    test(`${name}: axe finds nothing serious${ALSO_DARK.has(name) ? ' in light and in dark' : ''}, nothing is blocked, nothing leaves the house`, async () => {
      const { page, noise } = await open(pathOf(name));
      assert.deepEqual(await findings(page), [], 'light');
      if (ALSO_DARK.has(name)) {
        await page.emulateMedia({ colorScheme: 'dark' });
        await page.waitForSelector('html.dark');
        assert.deepEqual(await findings(page), [], 'dark');
      }
      assert.deepEqual(noise, []);
      await page.context().close();
    });
  }

  test('no page is wider than a phone', async () => {
    const wide: string[] = [];
    const context = await browser.newContext({ viewport: PHONE });
    const page = await context.newPage();
    for (const name of [...PAGES.map(pathOf), '/docs/reference']) {
      await page.goto(`${server.url}${name}`, { waitUntil: 'load' });
      const width = await page.evaluate<number>('document.scrollingElement.scrollWidth');
      if (width > PHONE.width) wide.push(`${name}: ${width} px`);
    }
    await context.close();
    assert.deepEqual(wide, []);
  });

  test('the search finds a code and leads to its section', async () => {
    const { page, noise } = await open('/docs/getting-started');
    await page.getByRole('button', { name: 'Search' }).first().click();
    await page.locator('#localsearch-input').fill('generic_gallery_page');
    await page.locator('.VPLocalSearchBox .result').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/guides\/errors.*#generic_gallery_page/);
    assert.deepEqual(noise, []);
    await page.context().close();
  });

  test('a language that was picked once is picked in every group, on the next page too', async () => {
    const { page } = await open('/docs/getting-started');
    await page.locator('.vp-code-group label', { hasText: 'Python' }).first().click();
    const picked = await page.evaluate<string[]>(
      '[...document.querySelectorAll(".vp-code-group")].filter(g => /Python/.test(g.querySelector(".tabs").textContent)).map(g => g.querySelector("div.active").className)',
    );
    assert.ok(picked.length > 1, 'there are several groups to follow');
    for (const names of picked) assert.match(names, /language-python/);
    await page.goto(`${server.url}/docs/api/product`, { waitUntil: 'networkidle' });
    await becomes(page, 'document.querySelector(".vp-code-group div.active")?.className.includes("language-python")');
    await page.context().close();
  });

  test('a sample can be copied', async () => {
    const { page } = await open('/docs/getting-started');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const block = page.locator('.language-sh').first();
    await block.hover();
    await block.locator('button.copy').click();
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), 'npm ci && npm start');
    await page.context().close();
  });

  test('the API reference sends a request with the test key and shows the answer; nothing leaves the house', async () => {
    const { page, noise } = await open('/docs/reference');
    await page.getByPlaceholder('Token').first().fill(server.testKey);
    await page
      .getByRole('button', { name: /Test Request/ })
      .first()
      .click();
    const answered = page.waitForResponse((response) => response.url().includes('/api/v1/amazon/product'));
    await page.getByRole('button', { name: /^Send/ }).first().click();
    const response = await answered;
    assert.equal(response.request().headers()['authorization'], `Bearer ${server.testKey}`);
    assert.equal(response.status(), 200, await response.text());
    assert.deepEqual(noise, []);
    await page.context().close();
  });
});
