import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { readMachines } from '../state-machine/machines.ts';
import type { Decider } from '../state-machine/play.ts';
import { lawsOf } from './laws.ts';
import { lawful, script } from './script.ts';

/** A rule that is wrong in one place, and the law that must tell. */
interface Fault {
  readonly told: string;
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
}

const faults: readonly Fault[] = [
  {
    told: 'a closed journey takes only what section 5 names',
    file: 'journey/index.ts',
    right: '(journey.closing.closed || journey.intake.refused) && !spec.afterClose',
    wrong: 'journey.intake.refused && !spec.afterClose',
  },
  { told: 'a clock fires once, when it is due', file: 'journey/index.ts', right: 'given.now >= dueAt &&', wrong: '' },
  {
    told: 'a clock fires once, when it is due',
    file: 'journey/index.ts',
    right: '!journey.work.breached[workState.breachKey(deadline)] &&',
    wrong: '',
  },
  {
    told: '(I-5)',
    file: 'journey/index.ts',
    right: 'if (spec.clinical && !licence)',
    wrong: 'if (spec.clinical && !given.facts.clinician)',
  },
  {
    told: '(I-2)',
    file: 'journey/index.ts',
    right: 'revision: journey.revision + 1,',
    wrong: 'revision: (globalThis.seen = (globalThis.seen ?? 0) + 1),',
  },
  { told: '(I-10)', file: 'journey/closure-guard.ts', right: '...tasks.map(', wrong: '...tasks.slice(1).map(' },
  { told: '(I-4)', file: 'journey/owner.ts', right: "holderOf(journey) ?? { role: 'K' }", wrong: 'holderOf(journey) ?? null' },
  { told: '(I-12)', file: 'journey/money/decide.ts', right: 'evidence: [id],', wrong: 'evidence: [type],' },
  {
    told: '(I-8)',
    file: 'journey/visit/lone-worker.ts',
    right: ", { type: 'LoneWorkerTimerStopped', data: left });",
    wrong: ');',
  },
  {
    told: 'what has ended moves no more',
    file: 'journey/prescription/standing.ts',
    right: 'ranks[next] >= ranks[rx.reached];',
    wrong: 'ranks[next] >= 0;',
  },
  {
    told: '(I-15)',
    file: 'journey/work/state.ts',
    right: "case 'ContactAttempted':",
    wrong: "case 'ClinicalActRefused': case 'ContactAttempted':",
  },
  {
    told: 'every event fits its schema',
    file: 'journey/visit/encounter.ts',
    right: "{ type: 'VisitEnded', data: { ...command.data,",
    wrong: "{ type: 'VisitEnded', data: { by: command.actor.id, ...command.data,",
  },
];

const laws = lawsOf(readMachines());
const folder = mkdtempSync(join(tmpdir(), 'caretrail-faults-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The decider of a copy of the domain with the fault in it. */
async function faulty({ file, right, wrong }: Fault, n: number): Promise<Decider> {
  const copy = join(folder, String(n));
  cpSync(resolve('domain'), join(copy, 'domain'), { recursive: true });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  writeFileSync(join(copy, 'package.json'), '{"type":"module"}');
  const path = join(copy, 'domain', file);
  const text = readFileSync(path, 'utf8');
  if (text.split(right).length !== 2) throw new Error(`the fault must fit ${file} in one place: ${right}`);
  writeFileSync(path, text.replace(right, wrong));
  return (await import(join(copy, 'domain/journey/index.ts'))) as Decider;
}

test.each(faults.map((fault, n) => [`${fault.told}: ${fault.file} ${n}`, fault, n] as const))(
  'a fault in a rule is told: %s',
  async (_name, fault, n) => {
    const decider = await faulty(fault, n);
    const { failed, errorInstance } = fc.check(
      fc.property(script, fc.nat(), (told, at) => lawful(decider, laws, told, at)),
      { seed: 1, numRuns: 400, endOnFailure: true },
    );
    expect([failed, String(errorInstance)]).toEqual([true, expect.stringContaining(fault.told)]);
  },
);
