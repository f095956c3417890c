// What the screen knows of one journey, and how it stays current.
import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'preact/hooks';
import { onRows, takeClock } from '../live.ts';
import { ask } from '../server.ts';
import { type Me, seesBoard } from '../session.ts';
import type { Givable, Journey, Transition } from './shapes.ts';

/** Which moment of the journey is shown; without one the present. */
export interface Moment {
  readonly asOf: number;
  /** Leaves out what was recorded only later. */
  readonly asKnownThen: boolean;
}

const pollMs = 5_000;
const keyOf = (journeyId: string) => ['journey', journeyId] as const;

/** Why a journey is read, for the log of reads; an auditor must say it. */
const purposeOf = ({ role }: Me): Readonly<Record<string, string>> => (role === 'L' ? { purpose: 'audit-replay' } : {});

/** Reads a journey again when the line says that it changed, or now and then where there is no line. */
export function useJourney(journeyId: string, me: Me, moment: Moment | undefined) {
  const client = useQueryClient();
  const follows = seesBoard(me);
  useEffect(
    () => onRows((rows) => rows.some((row) => row.journeyId === journeyId) && void readAgain(client, journeyId)),
    [client, journeyId],
  );
  const refetchInterval = follows ? false : pollMs;
  const headers = purposeOf(me);
  const path = `/v1/journeys/${encodeURIComponent(journeyId)}`;
  const journey = useQuery<Journey>({
    queryKey: [...keyOf(journeyId), 'state', moment],
    queryFn: async ({ signal }) => {
      const read = await ask<Journey>(`${path}${queryOf(moment)}`, { signal, headers });
      if (!follows) takeClock({ now: read.now, scale: 1 });
      return read;
    },
    placeholderData: keepPreviousData,
    refetchInterval: moment ? false : refetchInterval,
  });
  const timeline = useQuery<readonly Transition[]>({
    queryKey: [...keyOf(journeyId), 'timeline'],
    queryFn: async ({ signal }) =>
      (await ask<{ readonly transitions: readonly Transition[] }>(`${path}/timeline`, { signal, headers })).transitions,
    refetchInterval,
  });
  return { journey, timeline };
}

/** The commands that the signed-in role may give. */
export function useGivable(journeyId: string, revision: number) {
  return useQuery<readonly Givable[]>({
    queryKey: [...keyOf(journeyId), 'commands', revision],
    queryFn: async ({ signal }) =>
      (await ask<{ readonly commands: readonly Givable[] }>(`/v1/journeys/${encodeURIComponent(journeyId)}/commands`, { signal })).commands,
    placeholderData: keepPreviousData,
  });
}

/** Reads everything of a journey again. */
export const readAgain = (client: QueryClient, journeyId: string): Promise<void> =>
  client.invalidateQueries({ queryKey: keyOf(journeyId) });

function queryOf(moment: Moment | undefined): string {
  if (!moment) return '';
  const at = new Date(moment.asOf).toISOString();
  return `?asOf=${at}${moment.asKnownThen ? `&knownAt=${at}` : ''}`;
}
