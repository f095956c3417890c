// Bugs that the run under fire has to show: each is planted into a copy of the build.
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Attack } from './battlefield.ts';
import { allTogether, stepOf } from './plan.ts';

/** What is wrong with a build. */
export interface Planting {
  readonly name: string;
  /** What the system does then. */
  readonly says: string;
  /** A file of the build, a text that stands in it once, and what is put in its place. */
  readonly file: string;
  readonly text: string;
  readonly planted: string;
}

export interface PlantedBug extends Planting {
  /** What can show it. */
  readonly attack: Attack;
}

/** One kill at the first passing of a place in the step that gives this command. */
const at = (point: string, command: string, about?: string): Attack => ({
  kills: [{ point, step: stepOf(command), nth: 1, ...(about && { about }) }],
  retries: true,
  together: false,
});

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'early-answer',
    says: 'a command is answered before its events are appended',
    file: 'activities/execute.js',
    text: `    const { version, position, duplicate } = await store.append(stream, envelopes, { version: revision });`,
    // Of one command alone, so that nothing but the kill can show it.
    planted: `    const early = recording.message.type === 'GrantConsent';
    const later = () => new Promise((done) => setTimeout(done, 500)).then(() => {
        pass?.('execute.decided', 'Early');
        return store.append(stream, envelopes, { version: revision });
    });
    if (early) later().catch(() => undefined);
    const { version, position, duplicate } = early
        ? { version: revision + envelopes.length, position: 0, duplicate: false }
        : await store.append(stream, envelopes, { version: revision });`,
    attack: at('execute.decided', 'GrantConsent', 'Early'),
  },
  {
    name: 'repeated-command',
    says: 'nobody looks whether a command was recorded before',
    file: 'activities/execute.js',
    text: 'const known = recorded(loaded, message.id);',
    planted: 'const known = undefined;',
    attack: at('execute.committed', 'GrantConsent'),
  },
  {
    name: 'repeated-effect',
    says: 'an effect is sent again without asking what became of it',
    file: 'activities/perform-once.js',
    text: '    if (!find)\n        return send();',
    planted: '    if (find || !find)\n        return send();',
    attack: at('perform.done', 'SignPrescription', 'rx-send'),
  },
  {
    name: 'early-checkpoint',
    says: 'a checkpoint is committed before the rows that it stands for',
    file: 'projections/runner.js',
    text: '        await writeBatch(client, view, tableOf(view), folded);',
    planted: `        await client.query('COMMIT');
        await client.query('BEGIN');
        await writeBatch(client, view, tableOf(view), folded);`,
    // Its rows are added: no later batch heals it.
    attack: at('view.written', 'GrantConsent', 'timeline'),
  },
  {
    name: 'no-watch',
    says: 'nobody watches work that is not done',
    file: 'worker/compose.js',
    text: '            refresh,\n',
    planted: '            refresh: async () => undefined,\n',
    attack: allTogether()[0] as Attack,
  },
];

/** A copy of the build with the bug in it. @throws Error when the text does not stand in the file once */
export async function buildWith({ name, file, text, planted }: Planting): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const home = resolve('.caretrail/planted', `${name}-${process.pid}`);
  const folder = join(home, 'dist');
  await mkdir(join(home, 'web'), { recursive: true });
  await cp('dist', folder, { recursive: true });
  await symlink(resolve('web/dist'), join(home, 'web/dist'));
  const [before = '', after, ...more] = (await readFile(join(folder, file), 'utf8')).split(text);
  if (after === undefined || more.length > 0) throw new Error(`${file} does not hold once what ${name} replaces`);
  await writeFile(join(folder, file), `${before}${planted}${after}`);
  return { folder, remove: () => rm(home, { recursive: true, force: true }) };
}
