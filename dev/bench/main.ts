// `npm run bench`: what the durability costs, each measure beside its baseline in the same run.
import { parseArgs } from 'node:util';
import { measureAppends } from './append.ts';
import { measureBoard } from './board.ts';
import { measureCommands } from './commands.ts';
import type { Measured, Wishes } from './measure.ts';
import { measureMemory } from './memory.ts';
import { measureRebuild } from './rebuild.ts';
import { measureRecovery } from './recovery.ts';
import { openSetting, type Setting } from './setting.ts';
import { measureVisible } from './visible.ts';

type Measure = (setting: Setting, wishes: Wishes) => Promise<Readonly<Record<string, Measured>>>;

const measures: Readonly<Record<string, Measure>> = {
  commands: measureCommands,
  append: measureAppends,
  rebuild: measureRebuild,
  board: measureBoard,
  visible: measureVisible,
  recovery: measureRecovery,
  memory: measureMemory,
};

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    once: { type: 'boolean', default: false },
    journeys: { type: 'string', default: '5000' },
  },
  allowPositionals: true,
});
/** `--once` shows that a measure works, not what it is worth. */
const thoroughness = values.once ? { tries: 1, rounds: 1, windowMs: 500 } : { tries: 3, rounds: 3, windowMs: 3_000 };
const wishes: Wishes = { ...thoroughness, journeys: Number(values.journeys) };
// Each process that is started is ended with this one.
process.setMaxListeners(0);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const unknown = positionals.find((name) => !(name in measures));
if (unknown !== undefined) {
  process.stderr.write(`a measure is one of: ${Object.keys(measures).join(', ')}\n`);
  process.exit(2);
}
if (!Number.isInteger(wishes.journeys) || wishes.journeys < 1) {
  process.stderr.write('--journeys must be a whole number from 1\n');
  process.exit(2);
}

/** What comes on the way goes to the error output where the other is to be read by a machine. */
const print = (line: string): void => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);

const setting = await openSetting(print);
const found: Record<string, Measured> = {};
try {
  for (const [name, measure] of Object.entries(measures)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    print(`${name} …`);
    for (const [key, measured] of Object.entries(await measure(setting, wishes))) {
      found[key] = measured;
      print(lineOf(key, measured));
    }
  }
} finally {
  await setting.stop();
}
if (values.json) process.stdout.write(`${JSON.stringify(found)}\n`);

function lineOf(key: string, { ours, baseline, ratio, unit, cpuMsPerCommand, more }: Measured): string {
  const processors = cpuMsPerCommand ? `  cpu ms each: ${pairs(cpuMsPerCommand)}` : '';
  return `  ${key.padEnd(20)} ${ours} against ${baseline} ${unit}, ratio ${ratio}${processors}${more ? `  ${pairs(more)}` : ''}`;
}

function pairs(of: Readonly<Record<string, number>>): string {
  return Object.entries(of)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
