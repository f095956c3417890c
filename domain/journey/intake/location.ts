// Where the patient is: the place at the time of the service decides who may act (domain reference 5.1).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../../kernel/command.ts';
import { accept } from '../../kernel/decision.ts';
import { Code, Id, Ref } from '../../kernel/event.ts';
import { licencesAfterMove } from '../consult/handover.ts';
import type { JourneyEvent } from '../events.ts';
import type { FactName, Facts } from '../facts.ts';
import type { Journey } from '../state.ts';
import { State } from './events.ts';

export const commands = {
  AttestLocation: {
    roles: ['P', 'X', 'C', 'K', 'V'],
    facts: ['pathway', 'holders'],
    data: z.strictObject({ state: State, areaKey: Code, addressRef: Ref, contactId: Id.optional() }),
  },
} satisfies CommandSpecs<FactName>;

/** So many of the pathway's states are named to somebody who is in none of them. */
const namedStates = 3;

export const decide: Decisions<typeof commands, Journey, JourneyEvent, Facts> = {
  AttestLocation: (journey, { data, actor }, { facts: { pathway, holders }, at, newId }) => {
    const { states } = pathway.template;
    if (!states.includes(data.state)) {
      const alternatives = [...states.slice(0, namedStates).map((state) => `state-${state}`), 'urgentCare', 'callCoordinator'];
      return accept({ type: 'LocationRefused', data: { state: data.state, reason: 'state-unsupported', alternatives } });
    }
    const { location: before, eligibility } = journey.intake;
    const location = { ...data, reportedBy: actor.id };
    if (before && before.state !== data.state)
      return accept<JourneyEvent>(
        { type: 'PatientLocationChanged', data: { ...location, from: before.state } },
        ...licencesAfterMove(journey, data.state, { holders, at }),
      );
    const check: JourneyEvent[] = eligibility
      ? []
      : [{ type: 'EligibilityCheckRequested', data: { checkId: newId('eligibility'), purpose: 'start' } }];
    return accept<JourneyEvent>({ type: 'PatientLocationAttested', data: location }, ...check);
  },
};
