import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { clinic, firstPlay } from '../../dev/clinic.ts';
import { playSeveral } from '../../dev/journeys/several.ts';
import { openIssuer } from '../../dev/tokens.ts';
import { instantOf } from '../../domain/kernel/calendar.ts';
import { type OpenedPage, openBrowser, openPage } from '../parts/chromium.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';

let system: TestSystem;
let browser: Browser;
let visited: string;
beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem('web-pages', firstPlay), openBrowser()]);
  [, visited = ''] = await playSeveral({ system, family: system.family, firstDay: firstPlay });
}, 600_000);
afterAll(async () => {
  await browser?.close();
  await system?.stop();
}, 60_000);

/** Of the administrator of the employer of 63; of the other one, too few are enrolled here for any figure. */
async function cafeToken(): Promise<string> {
  const { sign } = await openIssuer(system.folder);
  return sign({ sub: 'cafe-admin', role: 'E', tenant: clinic.employers.small });
}

async function violationsOf(page: Page, rules?: readonly string[]): Promise<readonly object[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules ? axe.withRules([...rules]) : axe).analyze();
  return violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) }));
}

describe('axe finds no fault in either colour scheme', () => {
  const open = async (role?: 'K' | 'L' | 'E' | 'X', path = '') => {
    const token = role && (system.tokens[role] ?? '');
    const opened = await openPage(browser, { address: system.api, ...(token !== undefined && { token }) });
    if (path !== '') await opened.page.goto(`${system.api}/#${path}`);
    return opened;
  };
  /** The schemes differ in nothing but their colours. */
  const judged = async ({ page, complaints }: OpenedPage): Promise<void> => {
    expect(await violationsOf(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violationsOf(page, ['color-contrast'])).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  };

  test('on the page of those who are not signed in', async () => judged(await open()), 60_000);

  test('on a used-up sign-in link', async () => {
    const opened = await open(undefined, '/sign-in/used-up-long-ago');
    await opened.page.getByRole('alert').getByText('The code was used').waitFor();
    await judged(opened);
  }, 60_000);

  test('on the board', async () => {
    const opened = await open('K');
    await opened.page.getByText('Safety clock', { exact: true }).waitFor();
    await opened.page.getByRole('button', { name: 'Claim' }).waitFor();
    await judged(opened);
  }, 60_000);

  test('on a board whose filter lets nothing through', async () => {
    const opened = await open('K');
    await opened.page.locator('.journey-link').first().waitFor();
    await opened.page.getByLabel('State').selectOption('Closing');
    await opened.page.getByText('No journey fits the filter').waitFor();
    await judged(opened);
  }, 60_000);

  test('on a journey with a form', async () => {
    const opened = await open('K', `/journeys/${visited}`);
    await opened.page.getByRole('button', { name: 'Record delivery status' }).click();
    await opened.page.getByLabel('Status', { exact: true }).waitFor();
    await judged(opened);
  }, 60_000);

  test('on a journey as of an earlier instant', async () => {
    const opened = await open('L', `/journeys/${visited}`);
    await opened.page.getByRole('slider').press('Home');
    await opened.page.getByText('You are looking at the past').waitFor();
    await opened.page.locator('.standing[aria-busy="false"]').waitFor();
    await judged(opened);
  }, 60_000);

  test('on a journey that there is not', async () => {
    const opened = await open('K', '/journeys/none');
    await opened.page.getByRole('alert').waitFor();
    await judged(opened);
  }, 60_000);

  test('on the figures of an employer', async () => {
    const opened = await openPage(browser, { address: system.api, token: await cafeToken() });
    await opened.page.getByRole('row', { name: /Enrolled/ }).waitFor();
    await judged(opened);
  }, 60_000);

  test('on the page of an employer with too few people', async () => {
    const opened = await open('E');
    await opened.page.getByText('No figures of your own').waitFor();
    await judged(opened);
  }, 60_000);

  test('on the page that finds a journey', async () => judged(await open('X')), 60_000);
});

test('an employer of 63 sees who was visited at home and who was not hidden, and all else of J-12’s first month', async () => {
  const { small } = clinic.employers;
  await placeFirstMonth(small);
  const { page } = await openPage(browser, { address: system.api, token: await cafeToken() });
  await page.locator('table.figures').waitFor();
  const shown = await page
    .locator('table.figures tbody tr')
    .evaluateAll((rows) => rows.map((row) => [row.querySelector('th')?.textContent, row.querySelector('td')?.textContent]));
  expect(Object.fromEntries(shown)).toMatchObject({
    Enrolled: '63',
    'Persons with a consult': '38',
    'Persons visited at home': 'hidden',
    'Persons not visited at home': 'hidden',
    'Share visited at home': 'hidden',
  });
  expect(await page.locator('.chart img').count()).toBe(1);
  // `decode` fails on a picture that could not be read; waiting by repeated scripts is what the page's own policy forbids.
  await page.locator('.chart img').evaluate((chart) => (chart as unknown as { decode(): Promise<void> }).decode());
  await page.context().close();
}, 60_000);

/** 38 persons with a consult, 4 of them visited at home: put into the view itself, since playing 38 journeys would take minutes. */
async function placeFirstMonth(employerId: string): Promise<void> {
  const at = instantOf({ year: 2026, month: 10, day: 2, hour: 9 }, clinic.zone);
  await system.database.projector.query(
    `INSERT INTO views.access (stream, tenant, patient, month, requested_at, consult_at, clinician_at, home_visit_at)
     SELECT 'journey-cafe-' || n, $1, 'cafe-' || n, '2026-10', at, at + 600000, at + 600000, CASE WHEN n <= 4 THEN at + 7200000 END
     FROM generate_series(1, 38) n, CAST($2 AS bigint) at`,
    [employerId, at],
  );
}

test('the screens come from here alone, and no script of another’s making runs in them', async () => {
  const answered = await fetch(system.api);
  const page = await answered.text();
  expect(answered.headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
  expect(answered.headers.get('content-security-policy')).not.toContain('unsafe');
  expect(page).not.toMatch(/<script>|<style|https?:\/\/|\son\w+=/);
  const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = '']) => part);
  for (const part of parts) expect([part, (await fetch(`${system.api}${part}`)).status]).toEqual([part, 200]);
});
