import { dateOf, fieldOf, timeOf } from '../instants.ts';
import { words } from '../words.ts';
import type { Moment } from './reading.ts';
import type { Transition } from './shapes.ts';

interface InstantSliderProps {
  readonly transitions: readonly Transition[];
  readonly moment: Moment | undefined;
  readonly onMoment: (moment: Moment | undefined) => void;
  readonly zone: string | undefined;
}

/** Slides the journey to any instant: from step to step with the arrow keys, or to the second with the field. */
export function InstantSlider({ transitions, moment, onMoment, zone }: InstantSliderProps) {
  const instants = [...new Set(transitions.map(({ occurredAt }) => occurredAt))].sort((a, b) => a - b);
  const index = moment ? instants.filter((at) => at <= moment.asOf).length - 1 : instants.length;
  const asKnownThen = moment?.asKnownThen ?? false;
  const slideTo = (i: number): void => {
    const asOf = instants[i];
    onMoment(asOf === undefined ? undefined : { asOf, asKnownThen });
  };
  const last = moment && lastUntil(transitions, moment.asOf);
  const text = moment ? `${dateOf(moment.asOf, zone)}, ${timeOf(moment.asOf, zone)}` : 'Now';
  return (
    <section class="slider" aria-label="Instant">
      <div class="slider-head">
        <output class={moment ? 'moment moment-past' : 'moment'}>{text}</output>
        <span class="minor">{moment ? (last ? `after ${words(last.type).toLowerCase()}` : 'before the first event') : 'the present'}</span>
        <span class="push" />
        <Controls moment={moment} onMoment={onMoment} latest={instants.at(-1) ?? Date.now()} />
      </div>
      <input
        type="range"
        class="instant"
        min={0}
        max={instants.length}
        step={1}
        value={Math.max(0, index)}
        aria-label="Instant of the journey, from event to event"
        aria-valuetext={text}
        onInput={({ currentTarget }) => slideTo(Number(currentTarget.value))}
      />
    </section>
  );
}

/** The last event that had happened by an instant, in the order in which they happened. */
const lastUntil = (transitions: readonly Transition[], at: number): Transition | undefined =>
  transitions
    .filter(({ occurredAt }) => occurredAt <= at)
    .toSorted((a, b) => a.occurredAt - b.occurredAt || a.revision - b.revision)
    .at(-1);

interface ControlsProps {
  readonly moment: Moment | undefined;
  readonly onMoment: InstantSliderProps['onMoment'];
  /** Where the field begins. */
  readonly latest: number;
}

function Controls({ moment, onMoment, latest }: ControlsProps) {
  const setField = (value: string): void => {
    const asOf = Date.parse(value);
    if (!Number.isNaN(asOf)) onMoment({ asOf, asKnownThen: moment?.asKnownThen ?? false });
  };
  return (
    <>
      <label class="choice">
        <span>As of (your time)</span>
        <input
          type="datetime-local"
          step={1}
          value={fieldOf(moment?.asOf ?? latest)}
          onChange={({ currentTarget }) => setField(currentTarget.value)}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={moment?.asKnownThen ?? false}
          disabled={!moment}
          onChange={({ currentTarget }) => moment && onMoment({ ...moment, asKnownThen: currentTarget.checked })}
        />
        <span>Only what was known then</span>
      </label>
      <button type="button" class="small" disabled={!moment} onClick={() => onMoment(undefined)}>
        Back to now
      </button>
    </>
  );
}
