import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type FrameLocator, type Page } from 'playwright-core';

/** A real browser, as a customer has one on a phone. */

const executablePath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path));
export const inBrowser = executablePath ? describe : describe.skip;

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}

export const PHONE = { viewport: { width: 390, height: 844 } } as const;

/** A tab at an address; what it complains about (a broken script, a refused source) is noted. */
export async function tabAt(context: BrowserContext, url: string, complaints: string[]): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  return page;
}

/** The provider's payment window on a page. */
export const theWindow = (page: Page): FrameLocator => page.frameLocator('#_STEP_window iframe');

/** Waits until the page shows a part of it. */
export const showsState = (page: Page, state: string) => page.waitForSelector(`[data-for~=${state}]:visible`);

/** Waits until the page's message says this. */
export async function says(page: Page, text: string): Promise<void> {
  await page.waitForFunction((expected) => {
    const message = document.getElementById('message');
    return !message?.hidden && message?.textContent === expected;
  }, text);
}
