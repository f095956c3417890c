// `npm run screens`: the pictures of the README, taken from the system that npm start has brought up.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Role } from '../domain/kernel/actor.ts';
import { localDate } from '../domain/kernel/calendar.ts';
import { day } from '../domain/kernel/time.ts';
import type { BoardRow } from '../projections/board-row.ts';
import { chromiumArguments, findChromium } from './chromium.ts';
import { clinic } from './clinic.ts';
import { call, moveClock, type System } from './journeys/drive.ts';
import { playSeveral } from './journeys/several.ts';
import { familyOf, loadPopulation } from './population.ts';
import { projectRoot } from './project-root.ts';
import { slotsOf } from './seed.ts';
import { signInLink } from './sign-in-links.ts';

const folder = join(projectRoot, 'docs/screens');
/** Further than any day whose slots npm start has published. */
const daysAhead = 20;
const size = { width: 1360, height: 800 };

const text = await readFile(join(projectRoot, '.caretrail/run.json'), 'utf8').catch(() => undefined);
if (text === undefined) {
  process.stderr.write('nothing runs; npm start brings it up\n');
  process.exit(1);
}
const system = JSON.parse(text) as System;
await mkdir(folder, { recursive: true });
const visited = (await underway()) ?? (await playDay());
await moveClock(system, { scale: 1 });
const browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumArguments] });
try {
  await takeAll(browser);
} finally {
  await browser.close();
}

/** A journey with a visitor in the home, if an earlier run has left one there. */
async function underway(): Promise<string | undefined> {
  const { rows } = (await call(system, { method: 'GET', path: '/v1/board?state=open', role: 'K' })) as { rows: readonly BoardRow[] };
  return rows.find(({ safety }) => safety)?.journeyId;
}

async function playDay(): Promise<string> {
  const { now } = (await call(system, { method: 'GET', path: '/dev/clock', role: 'K' })) as { readonly now: number };
  const firstDay = localDate(now + daysAhead * day, clinic.zone);
  const path = `/v1/capacities/${clinic.areaId}_${firstDay}/publish-slot-capacity`;
  await call(system, { method: 'POST', path, role: 'O', body: slotsOf(firstDay), key: `slots-of-${firstDay}` });
  const [, visit = ''] = await playSeveral({ system, family: familyOf(loadPopulation()), firstDay });
  return visit;
}

async function takeAll(from: Browser): Promise<void> {
  const coordinator = await open(from, 'K', 'light');
  await shot(coordinator, 'board');
  await coordinator.goto(`${system.api}/#/journeys/${visited}`);
  await shot(coordinator, 'journey');
  const auditor = await open(from, 'L', 'dark');
  await shot(auditor, 'board-dark');
  await auditor.goto(`${system.api}/#/journeys/${visited}`);
  await auditor.locator('.instant').focus();
  for (let step = 0; step < 6; step += 1) await auditor.keyboard.press('ArrowLeft');
  await shot(auditor, 'journey-past-dark');
  await shot(await open(from, 'E', 'light'), 'employer');
}

/** A page on which a role is signed in. */
async function open(from: Browser, role: Role, colorScheme: 'light' | 'dark'): Promise<Page> {
  const context = await from.newContext({ viewport: size, colorScheme, timezoneId: clinic.zone });
  const page = await context.newPage();
  await page.goto(await signInLink(system.api, system.tokens[role] ?? ''));
  await page.locator('h1').waitFor();
  return page;
}

/** Takes a picture once the page has come to rest. */
async function shot(page: Page, name: string): Promise<void> {
  await page.locator('table').first().waitFor();
  await page.waitForTimeout(2_000);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  process.stdout.write(`docs/screens/${name}.png\n`);
}
