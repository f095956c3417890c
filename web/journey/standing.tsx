import { countdown, shortInstant, urgency } from '../instants.ts';
import { nameOf, party, roleNames, shortId, whyWords, words } from '../words.ts';
import type { Journey } from './shapes.ts';

interface StandingProps {
  readonly journey: Journey;
  /** The instant that is shown. */
  readonly now: number;
  readonly zone: string | undefined;
  /** The reading of another instant stands here until the new one has come. */
  readonly isOld: boolean;
}

/** What is open: whom the journey waits for, its deadlines, tasks and children with their states. */
export function Standing({ journey, now, zone, isOld }: StandingProps) {
  const { reason, waitingOn, deadlines, tasks, children, charges } = journey;
  return (
    <section class="panel standing" aria-busy={isOld} aria-label="Where it stands">
      <h2>Where it stands</h2>
      <ul class="facts-list">
        <li class="why">{whyWords[reason.why]}</li>
        {reason.why !== 'closed' && <li class="minor">waits for {party(reason.waitingOn)}</li>}
        {reason.unblocks !== '' && <li class="minor">goes on by: {words(reason.unblocks).toLowerCase()}</li>}
      </ul>
      <Facts name="Open steps" none="None">
        {waitingOn.map(({ who, id, forWhat, entityId }) => (
          <li key={`${who}-${forWhat}-${entityId}`}>
            {id ? nameOf(id) : words(roleNames[who])} <span class="minor">{words(forWhat).toLowerCase()}</span>
          </li>
        ))}
      </Facts>
      <Deadlines deadlines={deadlines} now={now} zone={zone} />
      <Tasks tasks={tasks} now={now} />
      <Facts name="Care" none="Nothing yet">
        {children.map(({ kind, id, status }) => (
          <li key={id} data-child={kind}>
            {words(kind)} <span class="child-status">{words(status)}</span> <span class="minor">{shortId(id)}</span>
          </li>
        ))}
      </Facts>
      <Charges charges={charges} />
    </section>
  );
}

function Deadlines({ deadlines, now, zone }: Pick<StandingProps, 'now' | 'zone'> & Pick<StandingProps['journey'], 'deadlines'>) {
  return (
    <Facts name="Deadlines" none="None runs">
      {deadlines
        .toSorted((a, b) => a.dueAt - b.dueAt)
        .map(({ name, entityId, dueAt }) => (
          <li key={`${name}-${entityId}-${dueAt}`}>
            {words(name)} <span class={`countdown ${urgency(dueAt, now)}`}>{countdown(dueAt, now)}</span>{' '}
            <span class="minor">{shortInstant(dueAt, zone)}</span>
          </li>
        ))}
    </Facts>
  );
}

function Tasks({ tasks, now }: Pick<StandingProps, 'now'> & Pick<StandingProps['journey'], 'tasks'>) {
  return (
    <Facts name="Tasks" none="None is open">
      {tasks
        .filter(({ status }) => status === 'open')
        .map(({ taskId, kind, ownerRole, ownerId, dueAt }) => (
          <li key={taskId}>
            {words(kind)} <span class="minor">{ownerId ? nameOf(ownerId) : roleNames[ownerRole]}</span>{' '}
            <span class={`countdown ${urgency(dueAt, now)}`}>{countdown(dueAt, now)}</span>
          </li>
        ))}
    </Facts>
  );
}

function Charges({ charges }: Pick<StandingProps['journey'], 'charges'>) {
  return (
    <Facts name="Charges" none="None">
      {charges.map(({ chargeId, code, cents, payer, copay }) => (
        <li key={chargeId}>
          {code}{' '}
          <span class="minor">
            {money(cents)} for the {payer}
          </span>
          {copay && (
            <span class="minor">
              , copay {money(copay.cents)} {words(copay.status).toLowerCase()}
            </span>
          )}
        </li>
      ))}
    </Facts>
  );
}

const money = (cents: number): string => `$${(cents / 100).toFixed(2)}`;

interface FactsProps {
  readonly name: string;
  /** Said when there is nothing. */
  readonly none: string;
  readonly children: readonly preact.JSX.Element[];
}

function Facts({ name, none, children }: FactsProps) {
  return (
    <>
      <h3>{name}</h3>
      {children.length === 0 ? <p class="minor">{none}</p> : <ul class="facts-list">{children}</ul>}
    </>
  );
}
