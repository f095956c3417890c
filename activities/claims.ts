import { claiming, claimOf } from '../domain/journey/claims.ts';
import type { ClaimFact } from '../domain/journey/facts.ts';
import type { Journey } from '../domain/journey/index.ts';
import { system } from '../domain/kernel/actor.ts';
import type { Command } from '../domain/kernel/command.ts';
import type { Instant } from '../domain/kernel/time.ts';
import type { Answer, CommandMessage } from '../workflows/messages.ts';
import type { LoadFacts } from './facts.ts';

/** Gives a command to a stream other than a journey. */
export type ExecuteOn = (category: string, id: string, message: CommandMessage) => Promise<Answer>;

export type LoadClaim = (
  journey: Journey,
  command: Command,
  when: { readonly at: Instant; readonly commandId: string },
) => Promise<ClaimFact | undefined>;

/** A rule threw: a defect of ours, not an outage, so that it must not be tried for ever. */
export class RuleFailed extends Error {
  override readonly name = 'RuleFailed';
}

/** Asks a rule. @throws RuleFailed when the rule throws */
export function ask<T>(rule: () => T): T {
  try {
    return rule();
  } catch (cause) {
    throw new RuleFailed('a rule failed', { cause });
  }
}

/** Makes the claims that a journey's decision stands on. Their ids follow from the command's, so that a repeat claims nothing twice. */
export const createClaims =
  (executeOn: ExecuteOn, loadFacts: LoadFacts): LoadClaim =>
  async (journey, command, { at, commandId }) => {
    const entry = claiming[command.type];
    if (!entry) return undefined;
    const { facts } = await loadFacts(entry.facts, { journey, command, at });
    const claim = ask(() => claimOf(journey, command, { at, facts }));
    if (!claim) return undefined;
    const { category, id, type, data } = claim;
    const answer = await executeOn(category, id, {
      id: `claim:${commandId}`,
      type,
      data,
      actor: system,
      source: 'owed',
      occurredAt: at,
      causationId: commandId,
    });
    return answer.accepted ? { granted: true } : { granted: false, code: answer.code };
  };
