import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumArguments, findChromium } from '../../dev/chromium.ts';
import { clinic } from '../../dev/clinic.ts';
import { signInLink } from '../../dev/sign-in-links.ts';

/** A browser without a screen. @throws Error when no Chromium can be come by */
export const openBrowser = async (): Promise<Browser> =>
  chromium.launch({ executablePath: await findChromium(), args: [...chromiumArguments] });

/** How a page is opened. */
export interface Visit {
  /** Where the screens are reached. */
  readonly address: string;
  /** Of whoever looks; without one nobody is signed in. */
  readonly token?: string;
}

/** A page of a person's own, in the clinic's time zone. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors of the page's own scripts and whatever the content policy has stopped. */
  readonly complaints: readonly string[];
}

/** Opens the screens as somebody who has just followed a sign-in link. */
export async function openPage(browser: Browser, { address, token }: Visit): Promise<OpenedPage> {
  const viewport = { width: 1360, height: 820 };
  const context = await browser.newContext({ viewport, timezoneId: clinic.zone, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
  });
  await page.goto(token === undefined ? address : await signInLink(address, token));
  await page
    .locator(token === undefined ? 'h1' : '.top-bar')
    .first()
    .waitFor();
  return { page, complaints };
}
