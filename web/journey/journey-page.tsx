import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'preact/hooks';
import { shortInstant } from '../instants.ts';
import { Fault, Loading } from '../notices.tsx';
import { type Me, seesEmployers } from '../session.ts';
import { useTitle } from '../title.ts';
import { useNow } from '../use-live.ts';
import { nameOf, roleNames, shortId, stateNames, words } from '../words.ts';
import { CommandPanel } from './command-panel.tsx';
import { InstantSlider } from './instant-slider.tsx';
import { type Moment, readAgain, useJourney } from './reading.ts';
import type { Journey } from './shapes.ts';
import { StagePicture } from './stage-picture.tsx';
import { Standing } from './standing.tsx';
import { Timeline } from './timeline.tsx';

/** One journey: where it stands or stood, what happened, and what one may do. */
export function JourneyPage({ journeyId, me }: { readonly journeyId: string; readonly me: Me }) {
  const [moment, setMoment] = useState<Moment>();
  const { journey, timeline } = useJourney(journeyId, me, moment);
  const client = useQueryClient();
  const now = useNow();
  useTitle(`Journey ${shortId(journeyId)}`);
  const fault = journey.error ?? timeline.error;
  if (!journey.data || !timeline.data) {
    return (
      <div class="journey">
        <h1>Journey {shortId(journeyId)}</h1>
        {fault ? <Fault error={fault} again={() => void readAgain(client, journeyId)} /> : <Loading what="the journey" />}
      </div>
    );
  }
  const transitions = timeline.data;
  const until = moment?.asOf ?? Math.max(now ?? 0, journey.data.now, transitions.at(-1)?.occurredAt ?? 0);
  const seen = moment?.asKnownThen ? transitions.filter(({ recordedAt }) => recordedAt <= moment.asOf) : transitions;
  const { zone } = journey.data;
  return (
    <div class="journey">
      <Head journey={journey.data} moment={moment} me={me} />
      {fault && <Fault error={fault} again={() => void readAgain(client, journeyId)} />}
      <InstantSlider transitions={transitions} moment={moment} onMoment={setMoment} zone={zone} />
      <StagePicture transitions={seen} until={until} />
      <div class="journey-columns">
        <div class="journey-side">
          <Standing journey={journey.data} now={until} zone={zone} isOld={journey.isPlaceholderData} />
          {moment ? <PastNotice /> : <CommandPanel journey={journey.data} />}
        </div>
        <Timeline
          transitions={transitions}
          until={until}
          zone={zone}
          onInstant={(asOf) => setMoment({ asOf, asKnownThen: moment?.asKnownThen ?? false })}
        />
      </div>
    </div>
  );
}

const PastNotice = () => (
  <section class="panel">
    <h2>What you may do</h2>
    <p class="minor">You are looking at the past. Go back to now to give a command.</p>
  </section>
);

interface HeadProps {
  readonly journey: Journey;
  readonly moment: Moment | undefined;
  readonly me: Me;
}

function Head({ journey, moment, me }: HeadProps) {
  const { journeyId, superState, outcome, overlays, owner, template, employerId, entryPoint, patientId, revision, zone } = journey;
  return (
    <div class="page-head">
      <h1 title={journeyId}>Journey {shortId(journeyId)}</h1>
      <span class={`state state-${superState}`} data-state={superState}>
        {stateNames[superState] ?? superState}
        {outcome && ` (${words(outcome)})`}
      </span>
      {overlays.map((overlay) => (
        <span key={overlay} class="mark mark-safety">
          {words(overlay)}
        </span>
      ))}
      {moment && <span class="mark mark-past">as of {shortInstant(moment.asOf, zone)}</span>}
      <p class="facts">
        {template && `${words(template.templateId)} v${template.version}`}
        {entryPoint && ` · by ${words(entryPoint).toLowerCase()}`}
        {employerId && ' · '}
        {employerId && seesEmployers(me) ? <a href={`#/employers/${employerId}`}>{employerId}</a> : employerId}
        {patientId && ` · patient ${shortId(patientId)}`}
        {' · owner '}
        {owner ? `${owner.id ? `${nameOf(owner.id)}, ` : ''}${roleNames[owner.role]}` : 'none'} · event {revision}
        {zone && ` · times in ${zone}`}
      </p>
    </div>
  );
}
