// Whom an escalation reaches, rung by rung (domain reference 5.16 and the clock `escalation.ack`). A ladder that is not named here
// times its own rungs.
import type { Role } from '../../kernel/actor.ts';
import type { ClockName } from '../../templates/template.ts';

interface Ladder {
  readonly rungs: readonly { readonly recipientRole: Role; readonly channel: 'call' | 'page' }[];
  /** How long a rung has to acknowledge. */
  readonly clock: ClockName;
}

const onCall: Ladder = {
  rungs: [
    { recipientRole: 'C', channel: 'page' },
    { recipientRole: 'M', channel: 'call' },
  ],
  clock: 'escalation.ack',
};
const coordination: Ladder = {
  rungs: [
    { recipientRole: 'K', channel: 'page' },
    { recipientRole: 'O', channel: 'call' },
  ],
  clock: 'escalation.ack',
};
const dispatch: Ladder = {
  rungs: [
    { recipientRole: 'D', channel: 'page' },
    { recipientRole: 'S', channel: 'call' },
    { recipientRole: 'O', channel: 'call' },
  ],
  clock: 'escalation.ack',
};
const duress: Ladder = {
  rungs: [
    { recipientRole: 'S', channel: 'call' },
    { recipientRole: 'O', channel: 'call' },
  ],
  clock: 'escalation.duress',
};
const ruleOwner: Ladder = {
  rungs: [
    { recipientRole: 'W', channel: 'page' },
    { recipientRole: 'M', channel: 'call' },
  ],
  clock: 'escalation.ack',
};

const ladders: Readonly<Record<string, Ladder>> = { onCall, coordination, dispatch, duress, ruleOwner };

/** A ladder by its name; undefined for one that times its own rungs. */
export const ladderOf = (name: string): Ladder | undefined => (Object.hasOwn(ladders, name) ? ladders[name] : undefined);

/** The ladder above whoever owns a task. */
export function ladderAbove(owner: Role): string {
  if (owner === 'C' || owner === 'M') return 'onCall';
  if (owner === 'D' || owner === 'V' || owner === 'S') return 'dispatch';
  return owner === 'W' ? 'ruleOwner' : 'coordination';
}
