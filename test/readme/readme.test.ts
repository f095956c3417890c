import { readFileSync } from 'node:fs';
import { type Checkout, createCheckout, processesOf } from '../parts/checkout.ts';

const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, body = '']) => body.trim());

const linkedPictures = readFileSync('README.md', 'utf8').match(/docs\/screens\/[a-z-]+\.png/g) ?? [];

let checkout: Checkout;
beforeAll(() => {
  checkout = createCheckout('readme');
});
afterAll(() => checkout?.remove(), 60_000);

test('the README begins with its two commands and then brings the system up without the play', () => {
  expect(blocks.slice(0, 3)).toEqual(['npm start', 'npm test', 'npm start -- --no-demo']);
});

test('npm start plays J-1 to its close, and Ctrl-C leaves no process behind', async () => {
  const running = await checkout.start([], 'J-1 closed: Resolved');
  expect(running.printed()).toContain('JourneyClosed');
  await running.interrupt();
  expect(processesOf(checkout.folder)).toEqual([]);
}, 300_000);

test('every other command of the README does what it says', async () => {
  const running = await checkout.start(['--', '--no-demo'], 'Running.');
  try {
    const printed = checkout.run('bash', ['-euo', 'pipefail'], blocks.slice(3).join('\n'));
    expect(printed).toContain('"type":"JourneyRequested"');
    expect(printed).toContain('PatientIdentityVerified');
    expect(printed).toContain('intake.abandon running until');
    const told = printed.split('\n').filter((line) => / JourneyRequested /.test(line));
    expect(told).toHaveLength(1);
    const catalogue = JSON.parse(printed.trim().split('\n').at(-1) ?? '') as { commands: string[] };
    expect(catalogue.commands).toContain('StartJourney');
    const pictures = checkout.run('npm', ['run', '-s', 'screens']);
    expect(pictures.match(/docs\/screens\/[a-z-]+\.png/g)).toEqual(expect.arrayContaining(linkedPictures));
  } finally {
    await running.interrupt();
  }
  expect(processesOf(checkout.folder)).toEqual([]);
}, 300_000);
