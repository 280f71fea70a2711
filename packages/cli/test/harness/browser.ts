import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Browser tests need Debian's chromium; under ATTESTEL_REQUIRE_ALL its absence is a failure. */
export const browserMissing = !existsSync(EXECUTABLE) && process.env.ATTESTEL_REQUIRE_ALL !== '1';

/** The machine's network is closed: without these flags Chromium keeps trying to leave it. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: EXECUTABLE, headless: true, args: FLAGS });

export interface PersonOptions {
  readonly locale?: 'en' | 'zh-CN';
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** A person with a browser of their own: cookies, wallet, language, screen. */
export async function person(
  browser: Browser,
  options: PersonOptions = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    locale: options.locale ?? 'en',
    viewport: { width: options.width ?? 412, height: options.height ?? 860 },
    colorScheme: options.dark ? 'dark' : 'light',
    ignoreHTTPSErrors: true,
  });
  context.setDefaultTimeout(90_000);
  return { context, page: await context.newPage() };
}
