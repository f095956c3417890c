import type { Browser, Page } from 'playwright-core';
import { firstPlay } from '../../dev/clinic.ts';
import { castOf, textsOf } from '../../dev/demo.ts';
import { drive } from '../../dev/journeys/drive.ts';
import { j1 } from '../../dev/journeys/j1.ts';
import type { Role } from '../../domain/kernel/actor.ts';
import { openBrowser, openPage } from '../parts/chromium.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';

let system: TestSystem;
let browser: Browser;
let journeyId: string;
beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem('web-journey', firstPlay), openBrowser()]);
  const steps = j1(castOf(system.family, firstPlay));
  journeyId = await drive({ system, texts: textsOf(system.family.child), name: 'j1-shown', onEvent: () => undefined }, steps);
}, 600_000);
afterAll(async () => {
  await browser?.close();
  await system?.stop();
}, 60_000);

async function openJourney(role: Role): Promise<Page> {
  const { page } = await openPage(browser, { address: system.api, token: system.tokens[role] ?? '' });
  await page.goto(`${system.api}/#/journeys/${journeyId}`);
  await page.getByRole('heading', { level: 1, name: /^Journey/ }).waitFor();
  return page;
}

/** Slides with the arrow keys alone until the instant is reached. */
async function slideTo(page: Page, text: string): Promise<void> {
  const slider = page.getByRole('slider');
  await slider.focus();
  await page.keyboard.press('Home');
  for (let step = 0; step < 120 && (await page.locator('output').textContent()) !== text; step += 1)
    await page.keyboard.press('ArrowRight');
  expect(await page.locator('output').textContent()).toBe(text);
  await page.locator('.standing[aria-busy="false"]').waitFor();
}

const careOf = (page: Page): Promise<string[]> =>
  page
    .locator('[data-child]')
    .evaluateAll((items) => items.map((item) => `${item.dataset.child} ${item.querySelector('.child-status')?.textContent}`));

describe('an auditor slides J-1', () => {
  test('to 14:00 of the first day, and sees what had happened by then', async () => {
    const page = await openJourney('L');
    expect(await page.locator('[data-state]').getAttribute('data-state')).toBe('Closed');
    await slideTo(page, 'Tue 6 Oct 2026, 14:00:00');
    expect(await page.locator('[data-state]').getAttribute('data-state')).toBe('InCare');
    expect(await careOf(page)).toEqual(['consult Completed', 'visit In progress', 'labOrder Communicated']);
    expect(await page.locator('.stages [aria-current="step"]').textContent()).toContain('In care');
    expect(await page.locator('.stage-ahead .stage-name').allTextContents()).toEqual(['Follow-up', 'Closing', 'Closed']);
    const step = (text: string) => page.locator('.timeline tr:not(.step-later)', { hasText: text }).count();
    expect(await step('Patient informed of result')).toBe(1);
    expect(await step('Allergy list confirmed')).toBe(0);
    await page.context().close();
  }, 60_000);

  test('to the end of the follow-up window, and back to now', async () => {
    const page = await openJourney('L');
    await slideTo(page, 'Tue 6 Oct 2026, 15:48:00');
    expect(await page.locator('[data-state]').getAttribute('data-state')).toBe('FollowUp');
    expect(await careOf(page)).toEqual(
      expect.arrayContaining(['visit Completed', 'labOrder Communicated', 'prescription In hand', 'delivery Delivered']),
    );
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.getByText('Closed (Resolved)').waitFor();
    await page.context().close();
  }, 60_000);

  test('to any second, and may leave out what was not known then', async () => {
    const page = await openJourney('L');
    await page.getByLabel(/^As of/).fill('2026-10-06T09:15:30');
    await page.getByLabel(/^As of/).press('Enter');
    await page.getByText('as of 6 Oct 09:15').waitFor();
    await page.getByText('Tue 6 Oct 2026, 09:15:30').waitFor();
    await page.locator('.standing[aria-busy="false"]').waitFor();
    expect(await page.locator('[data-state]').getAttribute('data-state')).toBe('Queued');
    const asked = page.waitForRequest((request) => request.url().includes('knownAt='));
    await page.getByLabel('Only what was known then').check();
    expect((await asked).url()).toContain('asOf=2026-10-06T16:15:30.000Z&knownAt=2026-10-06T16:15:30.000Z');
    await page.context().close();
  }, 60_000);

  test('and is offered no command', async () => {
    const page = await openJourney('L');
    await page.getByText('Your role reads this journey and gives no command on it.').waitFor();
    await page.context().close();
  }, 60_000);
});

describe('a coordinator gives a command', () => {
  test('by a form that is made from its schema, and sees what it led to', async () => {
    const page = await openJourney('K');
    await page.getByRole('button', { name: 'Open task' }).click();
    await page.getByLabel('Task', { exact: true }).fill('task-by-form');
    await page.getByLabel('Kind').selectOption('callback');
    await page.getByRole('button', { name: 'Open task' }).click();
    await page.getByText('Open task: recorded.').waitFor();
    await page.locator('.standing').getByText('A task is open').waitFor();
    await page.locator('.standing').getByText('goes on by: claim task').waitFor();
    await page.locator('.standing').getByText('Callback clinician').waitFor();
    await page.locator('.timeline').getByText('Task opened').waitFor();
    await page.context().close();
  }, 60_000);

  test('and reads a refusal where it belongs, with what would make it succeed', async () => {
    const page = await openJourney('K');
    await page.getByRole('button', { name: 'Complete task' }).click();
    await page.getByLabel('Task', { exact: true }).fill('no such id!');
    await page.getByLabel('Result code').fill('done');
    await page.getByRole('button', { name: 'Complete task' }).click();
    await page.getByText(/^It has the wrong form\. Send text that matches/).waitFor();
    expect(await page.getByLabel('Task', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Task', { exact: true }).fill('no-such-task');
    await page.getByRole('button', { name: 'Complete task' }).click();
    const refusal = page.getByRole('form', { name: 'Complete task' }).getByRole('alert');
    await refusal.filter({ hasNotText: 'read' }).waitFor();
    expect(await refusal.textContent()).toMatch(/\S+\. \S+/);
    await page.context().close();
  }, 60_000);
});
