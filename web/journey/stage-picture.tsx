import { span } from '../instants.ts';
import { stateNames } from '../words.ts';
import type { Transition } from './shapes.ts';
import { type Stage, stagesOf } from './stages.ts';

interface StagePictureProps {
  readonly transitions: readonly Transition[];
  /** Up to when the picture tells. */
  readonly until: number;
}

/** Where the journey stands as a picture of its stages, with the time that each took. */
export function StagePicture({ transitions, until }: StagePictureProps) {
  const stages = stagesOf(Object.keys(stateNames), transitions, until);
  const longest = Math.max(1, ...stages.filter(({ state }) => state !== 'Closed').map(({ spentMs }) => spentMs));
  return (
    <ol class="stages" aria-label="Stages of the journey">
      {stages.map((stage) => (
        <StageItem key={stage.state} stage={stage} longest={longest} />
      ))}
    </ol>
  );
}

/** A logarithmic scale: minutes in intake must be seen beside days of follow-up. */
const share = (spentMs: number, longest: number): number => Math.log1p(spentMs / 1_000) / Math.log1p(longest / 1_000);

function StageItem({ stage: { state, standing, spentMs, entered }, longest }: { readonly stage: Stage; readonly longest: number }) {
  const isEnd = state === 'Closed';
  return (
    <li class={`stage stage-${standing}`} aria-current={standing === 'here' ? 'step' : undefined}>
      <span class="dot" aria-hidden="true" />
      <span class="stage-name">{stateNames[state]}</span>
      <span class="stage-time">
        {standing === 'ahead' ? <span class="minor">not yet</span> : isEnd ? 'reached' : span(spentMs)}
        {entered > 1 && <span class="minor"> in {entered} stays</span>}
      </span>
      <span class="stage-bar" aria-hidden="true">
        <span style={{ width: isEnd ? '0' : `${Math.round(share(spentMs, longest) * 100)}%` }} />
      </span>
    </li>
  );
}
