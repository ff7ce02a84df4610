import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Where the browsers of the usual distributions are. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/** The browser of this machine, or null. */
export const browserPath = (): string | null => PLACES.find((path) => existsSync(path)) ?? null;

/** Starts it, without a window and without any background talk of its own. */
export async function startBrowser(executablePath: string): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    // The pages are our own, and a container's root cannot have the browser's sandbox.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update'],
  });
}

export const WIDE = { width: 1280, height: 900 } as const;
export const PHONE = { width: 375, height: 740 } as const;
