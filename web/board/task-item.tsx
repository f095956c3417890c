import { useMutation } from '@tanstack/react-query';
import type { OpenTask } from '../../projections/board-row.ts';
import { countdown, urgency } from '../instants.ts';
import { ask, give, Refusal } from '../server.ts';
import type { Me } from '../session.ts';
import { nameOf, roleNames, words } from '../words.ts';

interface TaskItemProps {
  readonly journeyId: string;
  readonly task: OpenTask;
  readonly now: number | undefined;
  readonly me: Me;
}

/** A task with the button that claims it. Whoever loses the race reads who won. */
export function TaskItem({ journeyId, task, now, me }: TaskItemProps) {
  const claim = useClaim(journeyId, task.taskId);
  const { kind, ownerRole, ownerId, dueAt } = task;
  const free = ownerId === undefined;
  return (
    <li class="task">
      <span>
        {words(kind)}
        {now !== undefined && <span class={`minor ${urgency(dueAt, now)}`}> {countdown(dueAt, now)}</span>}
      </span>
      {!free && <span class="minor">{ownerId === me.id ? 'yours' : `taken by ${nameOf(ownerId)}`}</span>}
      {free && mayClaim(me) && (
        <button
          type="button"
          class="small"
          disabled={claim.isPending}
          onClick={() => claim.mutate()}
          aria-label={`Claim the task ${words(kind)} of journey ${journeyId}`}
        >
          Claim
        </button>
      )}
      {free && !mayClaim(me) && <span class="minor">for the {roleNames[ownerRole]}</span>}
      {claim.isError && (
        <span class="refused" role="alert">
          {claim.error.message}
        </span>
      )}
    </li>
  );
}

/** An auditor looks and does nothing. */
const mayClaim = ({ role }: Me): boolean => role !== 'L';

function useClaim(journeyId: string, taskId: string) {
  return useMutation<unknown, Error>({
    mutationFn: () =>
      give(`/v1/journeys/${journeyId}/claim-task`, { taskId }, crypto.randomUUID()).catch(async (error: unknown) => {
        const winner = await winnerOf(journeyId, taskId, error);
        throw winner ? new Error(`${nameOf(winner)} was faster: the task is taken.`) : told(error);
      }),
  });
}

const told = (error: unknown): Error =>
  error instanceof Refusal ? new Error(`${error.message} ${error.remedy}`) : new Error('It failed.');

/** The journey names who won a race that was lost. */
async function winnerOf(journeyId: string, taskId: string, error: unknown): Promise<string | undefined> {
  if (!(error instanceof Refusal) || error.code !== 'already-claimed') return undefined;
  const { tasks } = await ask<{ readonly tasks: readonly { readonly taskId: string; readonly ownerId?: string }[] }>(
    `/v1/journeys/${journeyId}`,
  );
  return tasks.find((task) => task.taskId === taskId)?.ownerId;
}
