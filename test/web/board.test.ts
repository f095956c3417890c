import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { firstPlay } from '../../dev/clinic.ts';
import { castOf, textsOf } from '../../dev/demo.ts';
import { call, drive } from '../../dev/journeys/drive.ts';
import { j1 } from '../../dev/journeys/j1.ts';
import { openIssuer } from '../../dev/tokens.ts';
import { journeyStream } from '../../domain/kernel/stream.ts';
import type { BoardPage } from '../../projections/board-row.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { requested } from '../journeys/intake-setting.ts';
import { openBrowser, openPage } from '../parts/chromium.ts';
import { openCuttableLine } from '../parts/cuttable-line.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';
import { appendWoven, eventsOf } from '../projections/histories.ts';

let system: TestSystem;
let browser: Browser;
beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem('web-board', firstPlay), openBrowser()]);
}, 600_000);
afterAll(async () => {
  await browser?.close();
  await system?.stop();
}, 60_000);

/** Plays J-1 up to a command, that one included. The same name goes on with the same journey. */
function playTo(name: string, command: string): Promise<string> {
  const steps = j1(castOf(system.family, firstPlay));
  const part = steps.slice(0, steps.findLastIndex((step) => step.command === command) + 1);
  return drive({ system, texts: textsOf(system.family.child), name, onEvent: () => undefined }, part);
}

const rowOf = (page: Page, journeyId: string) => page.locator(`tr[data-journey="${journeyId}"]`);
const asCoordinator = () => openPage(browser, { address: system.api, token: system.tokens.K ?? '' });

/** What the board says of every journey, in the browser and by the API. */
const shownRows = (page: Page): Promise<string[]> =>
  page.locator('tr[data-journey]').evaluateAll((rows) => rows.map((row) => `${row.dataset.journey} ${row.dataset.revision}`));
async function readRows(cursor = ''): Promise<string[]> {
  const path = `/v1/board?limit=200${cursor && `&cursor=${cursor}`}`;
  const { rows, next } = (await call(system, { method: 'GET', path, role: 'K' })) as BoardPage;
  return [...rows.map(({ journeyId, revision }) => `${journeyId} ${revision}`), ...(next === undefined ? [] : await readRows(next))];
}

/** Waits until the browser shows what the API says. */
async function settled(page: Page): Promise<void> {
  const until = Date.now() + 15_000;
  let [shown, read] = await Promise.all([shownRows(page), readRows()]);
  while (Date.now() < until && String(shown) !== String(read)) {
    await pause(100);
    [shown, read] = await Promise.all([shownRows(page), readRows()]);
  }
  expect(shown).toEqual(read);
}

test('an empty board says so, and who is there', async () => {
  const { page, complaints } = await asCoordinator();
  await page.getByRole('heading', { name: 'No journey yet' }).waitFor();
  expect(await page.locator('.me').textContent()).toBe('Dubois coordinator');
  expect(complaints).toEqual([]);
  await page.context().close();
}, 60_000);

test('a coordinator watches J-1 move, each time with why it is there and what unblocks it', async () => {
  const { page, complaints } = await asCoordinator();
  const milestones = [
    ['StartJourney', ['Requested', 'Intake is not complete', 'Verify identity']],
    ['SubmitQuestionnaire', ['Queued', 'Waits for a clinician to take the consult', 'Claim consult', 'Needs a human']],
    ['StartConsult', ['In triage', 'A clinician is in the consult', 'waits for Okafor', 'Decide disposition']],
    ['BookVisit', ['In care', 'Complete consult']],
    ['StartVisit', ['In care', 'A home visit is under way', 'Safety clock']],
    ['LeaveHome', ['In care', 'The prescription is on its way']],
    ['RecordDeliveryStatus', ['Follow-up', 'Follow-up is running']],
    ['ElapseDeadline', ['Closed', 'Resolved']],
  ] as const;
  for (const [command, texts] of milestones) {
    const journeyId = await playTo('j1-watched', command);
    const row = rowOf(page, journeyId);
    for (const text of texts) await row.getByText(text, { exact: false }).first().waitFor();
    await settled(page);
  }
  expect(complaints).toEqual([]);
  await page.context().close();
}, 180_000);

test('a line that was cut for half a minute comes back with nothing missed and nothing stale', async () => {
  const line = await openCuttableLine(system.api);
  const { page } = await openPage(browser, { address: line.address, token: system.tokens.K ?? '' });
  await page.getByText('Live', { exact: true }).waitFor();
  const before = await playTo('j1-before-the-cut', 'SubmitQuestionnaire');
  await rowOf(page, before).getByText('Queued', { exact: true }).waitFor();
  const cutAt = Date.now();
  line.cut();
  await page.getByRole('alert').getByText('Connection lost').waitFor();
  await playTo('j1-before-the-cut', 'StartConsult');
  const meanwhile = await playTo('j1-during-the-cut', 'GrantConsent');
  expect(await rowOf(page, meanwhile).count()).toBe(0);
  await pause(Math.max(0, cutAt + 30_000 - Date.now()));
  line.mend();
  await page.getByText('Live', { exact: true }).waitFor();
  await rowOf(page, before).getByText('In triage').waitFor();
  await rowOf(page, meanwhile).getByText('Screening').waitFor();
  await settled(page);
  expect(await page.getByText('Connection lost').count()).toBe(0);
  await page.context().close();
  await line.close();
}, 120_000);

test('two coordinators race for one task, and the loser is told who won', async () => {
  const journeyId = await playTo('j1-raced-for', 'SubmitQuestionnaire');
  const body = { taskId: 'task-raced-for', kind: 'callback' };
  await call(system, { method: 'POST', path: `/v1/journeys/${journeyId}/open-task`, role: 'K', body, key: randomUUID() });
  const { sign } = await openIssuer(system.folder);
  const rival = await sign({ sub: 'coordinator-ibarra', role: 'K', tenant: '*' });
  const [one, other] = await Promise.all([asCoordinator(), openPage(browser, { address: system.api, token: rival })]);
  const pages = [one.page, other.page] as const;
  const buttons = pages.map((page) => rowOf(page, journeyId).getByRole('button', { name: 'Claim' }));
  await Promise.all(buttons.map((button) => button.waitFor()));
  await Promise.all(buttons.map((button) => button.click()));
  await Promise.race(pages.map((page) => rowOf(page, journeyId).getByRole('alert').waitFor()));
  const told = await Promise.all(pages.map(async (page) => (await rowOf(page, journeyId).getByRole('alert').allTextContents()).join()));
  const isFirstWinner = told[0] === '';
  const [winner, loser] = isFirstWinner ? pages : pages.toReversed();
  expect(told.filter(Boolean)).toEqual([`${isFirstWinner ? 'Dubois' : 'Ibarra'} was faster: the task is taken.`]);
  await rowOf(winner as Page, journeyId)
    .getByText('yours')
    .waitFor();
  await rowOf(loser as Page, journeyId)
    .getByText(`taken by ${isFirstWinner ? 'Dubois' : 'Ibarra'}`)
    .waitFor();
  for (const page of pages) await page.context().close();
}, 60_000);

test('filters, and the keyboard alone leads into a journey', async () => {
  const { page } = await asCoordinator();
  await page.locator('.journey-link').first().waitFor();
  const links = page.locator('.journey-link');
  const all = await links.count();
  await page.getByRole('button', { name: 'Needs a human' }).click();
  await page.locator('tr.row-calm, tr.row-closed').first().waitFor({ state: 'detached' });
  expect(await links.count()).toBeLessThan(all);
  await page.getByRole('button', { name: 'Needs a human' }).click();
  await links.nth(all - 1).waitFor();
  const second = await page.locator('.journey-link').nth(1).getAttribute('href');
  await page.locator('.journey-link').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /^Journey/ }).waitFor();
  expect(page.url()).toBe(`${system.api}/${second}`);
  await page.context().close();
}, 60_000);

/** Journeys that are over and wait for nothing. */
async function appendOver(count: number): Promise<void> {
  const story = requested();
  story.give('K', 'RefuseJourney', { reason: 'not-our-service', alternatives: ['videoConsult'] });
  const ids = Array.from({ length: count }, () => randomUUID());
  const events = ids.map((journeyId) => [journeyId, eventsOf(story, { journeyId })] as const);
  await appendWoven(openEventStore(system.database.writer), new Map(events), 50);
}

/** Something happens on a journey that leaves it where it is on the board. */
async function appendNote(journeyId: string): Promise<void> {
  const store = openEventStore(system.database.writer);
  for await (const last of store.readStream(journeyStream(journeyId), { backwards: true, limit: 1 })) {
    const { version, position: _position, stream: _stream, ...event } = last;
    const note = { ...event, id: randomUUID(), type: 'NoteAdded', data: { noteId: 'note-1', noteRef: 'ref-note', visibility: 'team' } };
    await store.append(journeyStream(journeyId), [note], { version });
  }
}

test('more than a page of journeys is there for who asks, by the keyboard alone, and all of it follows what happens', async () => {
  await appendOver(401);
  const { page, complaints } = await asCoordinator();
  const links = page.locator('.journey-link');
  const more = page.getByRole('button', { name: 'Show more' });
  await more.waitFor();
  expect(await links.count()).toBe(200);
  await links.last().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await links.nth(399).waitFor();
  await page.locator('.journey-link:focus').waitFor();
  expect(await page.locator('.journey-link:focus').getAttribute('href')).toBe(await links.nth(200).getAttribute('href'));
  const onSecondPage = page.locator('tr[data-journey]').nth(300);
  const journeyId = (await onSecondPage.getAttribute('data-journey')) ?? '';
  const revision = Number(await onSecondPage.getAttribute('data-revision'));
  await appendNote(journeyId);
  await page.locator(`tr[data-journey="${journeyId}"][data-revision="${revision + 1}"]`).waitFor();
  await rowOf(page, await playTo('j1-beside-the-pages', 'StartJourney')).waitFor();
  expect(await links.count()).toBeGreaterThanOrEqual(400);
  await more.press('Enter');
  await more.waitFor({ state: 'detached' });
  await settled(page);
  expect(complaints).toEqual([]);
  await page.context().close();
}, 90_000);
