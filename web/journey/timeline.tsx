import { useEffect, useRef } from 'preact/hooks';
import { dateOf, span, timeOf } from '../instants.ts';
import { nameOf, roleNames, shortId, stateNames, words } from '../words.ts';
import type { Transition } from './shapes.ts';

const lateMs = 60_000;

interface TimelineProps {
  readonly transitions: readonly Transition[];
  /** What is later is shown as not yet happened. */
  readonly until: number;
  readonly zone: string | undefined;
  readonly onInstant: (at: number) => void;
}

/** Every event of the journey: when, what, by whom, by which command, and where it led. */
export function Timeline({ transitions, until, zone, onInstant }: TimelineProps) {
  const inOrder = transitions.toSorted((a, b) => a.occurredAt - b.occurredAt || a.revision - b.revision);
  const stateBefore = new Map(transitions.map(({ revision }, i) => [revision, transitions[i - 1]?.superState]));
  const current = inOrder.findLast(({ occurredAt }) => occurredAt <= until)?.revision;
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (current === undefined) return;
    showRow(frame.current);
  }, [current]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keyboard.
    <section class="timeline-frame" ref={frame} tabIndex={0} aria-label="Timeline">
      <table class="timeline">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Event</th>
            <th scope="col">By</th>
            <th scope="col">State after</th>
          </tr>
        </thead>
        <tbody>
          {inOrder.map((transition, i) => (
            <Step
              key={transition.revision}
              transition={transition}
              above={inOrder[i - 1]}
              isChange={stateBefore.get(transition.revision) !== transition.superState}
              zone={zone}
              isCurrent={transition.revision === current}
              isLater={transition.occurredAt > until}
              onInstant={onInstant}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Only the list itself is scrolled: the page must not jump under the slider. */
function showRow(frame: HTMLElement | null): void {
  const row = frame?.querySelector<HTMLElement>('tr.step-current');
  if (!frame || !row) return;
  frame.scrollTop = row.offsetTop - frame.clientHeight / 2;
}

interface StepProps extends Pick<TimelineProps, 'zone' | 'onInstant'> {
  readonly transition: Transition;
  readonly above: Transition | undefined;
  /** Whether the event led into another state. */
  readonly isChange: boolean;
  readonly isCurrent: boolean;
  readonly isLater: boolean;
}

function Step({ transition, above, isChange, zone, isCurrent, isLater, onInstant }: StepProps) {
  const { type, entityId, occurredAt, recordedAt, actor, command, superState, refusalCode } = transition;
  const date = dateOf(occurredAt, zone);
  const isNewDay = !above || dateOf(above.occurredAt, zone) !== date;
  const kind = isCurrent ? 'step-current' : isLater ? 'step-later' : '';
  return (
    <>
      {isNewDay && (
        <tr class="day">
          <th scope="rowgroup" colSpan={4}>
            {date}
          </th>
        </tr>
      )}
      <tr class={kind} aria-current={isCurrent ? 'step' : undefined}>
        <td>
          <button type="button" class="instant-link" onClick={() => onInstant(occurredAt)} aria-label={`Go to ${timeOf(occurredAt, zone)}`}>
            {timeOf(occurredAt, zone)}
          </button>
        </td>
        <td>
          {words(type)}
          <span class="minor">
            {shortId(entityId)}
            {refusalCode && ` · refused: ${words(refusalCode).toLowerCase()}`}
            {recordedAt - occurredAt > lateMs && ` · recorded ${span(recordedAt - occurredAt)} later`}
          </span>
        </td>
        <td>
          {nameOf(actor.id)}
          <span class="minor">
            {roleNames[actor.role]}, {words(command).toLowerCase()}
          </span>
        </td>
        <td>
          {isChange ? (
            <span class={`state state-${superState}`}>{stateNames[superState] ?? superState}</span>
          ) : (
            <span class="minor">{stateNames[superState]}</span>
          )}
        </td>
      </tr>
    </>
  );
}
