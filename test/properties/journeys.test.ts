import fc from 'fast-check';
import * as journeys from '../../domain/journey/index.ts';
import { readMachines } from '../state-machine/machines.ts';
import { lawsOf } from './laws.ts';
import { lawful, script } from './script.ts';

const laws = lawsOf(readMachines());

describe('Whatever is told, in any order, late or twice', () => {
  test(`nothing throws; ${Object.keys(laws).join('; ')}; and the events alone make the journey, in one go or in two`, () => {
    fc.assert(
      fc.property(script, fc.nat(), (told, at) => lawful(journeys, laws, told, at)),
      { numRuns: 150 },
    );
  });
});
