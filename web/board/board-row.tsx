import type { BoardRow } from '../../projections/board-row.ts';
import { countdown, shortInstant, urgency } from '../instants.ts';
import type { Me } from '../session.ts';
import { nameOf, party, roleNames, shortId, stateNames, whyWords, words } from '../words.ts';
import { TaskItem } from './task-item.tsx';

interface RowProps {
  readonly row: BoardRow;
  readonly now: number | undefined;
  readonly me: Me;
}

/** One journey of the board. */
export function Row({ row, now, me }: RowProps) {
  const { journeyId, revision, breaches, owner, openTasks, unblocks } = row;
  return (
    <tr class={kindOf(row)} data-journey={journeyId} data-revision={revision}>
      <JourneyCell row={row} />
      <StateCell row={row} />
      <td>
        <span class="why">{whyWords[row.why]}</span>
        {row.why !== 'closed' && <span class="minor">waits for {party(row.waitingOn)}</span>}
      </td>
      <td>{unblocks === '' ? <None /> : words(unblocks)}</td>
      <DeadlineCell row={row} now={now} />
      <td class="number">{breaches > 0 ? <strong class="danger">{breaches}</strong> : <span class="minor">0</span>}</td>
      <td>
        {owner ? (
          <>
            {owner.id ? nameOf(owner.id) : words(roleNames[owner.role])}
            {owner.id && <span class="minor">{roleNames[owner.role]}</span>}
          </>
        ) : (
          <None />
        )}
      </td>
      <td>
        {openTasks.length === 0 && <None />}
        {openTasks.length > 0 && (
          <ul class="tasks">
            {openTasks.map((task) => (
              <TaskItem key={task.taskId} journeyId={journeyId} task={task} now={now} me={me} />
            ))}
          </ul>
        )}
      </td>
    </tr>
  );
}

const kindOf = ({ safety, needsHuman, superState }: BoardRow): string =>
  safety ? 'row-safety' : needsHuman ? 'row-human' : superState === 'Closed' ? 'row-closed' : 'row-calm';

const None = () => <span class="minor">none</span>;

function JourneyCell({ row: { journeyId, templateId, employerId, safety, needsHuman, position } }: { readonly row: BoardRow }) {
  return (
    <th scope="row">
      {/* Drawn anew for every change, so that the mark of the change is seen. */}
      <span class="changed" key={position} />
      <a class="journey-link" href={`#/journeys/${journeyId}`} title={journeyId}>
        {shortId(journeyId)}
      </a>
      <span class="minor">
        {words(templateId)} · {employerId}
      </span>
      {safety && <span class="mark mark-safety">Safety clock</span>}
      {!safety && needsHuman && <span class="mark mark-human">Needs a human</span>}
    </th>
  );
}

function StateCell({ row: { superState, outcome, overlays, children } }: { readonly row: BoardRow }) {
  const going = children.filter(({ status }) => !finished.has(status));
  return (
    <td>
      <span class={`state state-${superState}`}>{stateNames[superState] ?? superState}</span>
      {outcome && <span class="minor">{words(outcome)}</span>}
      {overlays.map((overlay) => (
        <span key={overlay} class="mark mark-safety">
          {words(overlay)}
        </span>
      ))}
      {going.slice(0, 2).map(({ kind, id, status }) => (
        <span key={id} class="minor">
          {words(kind)}: {words(status).toLowerCase()}
        </span>
      ))}
      {going.length > 2 && <span class="minor">and {going.length - 2} more</span>}
    </td>
  );
}

const finished = new Set([
  'Completed',
  'Cancelled',
  'Expired',
  'Communicated',
  'InHand',
  'Delivered',
  'EndedByPatient',
  'Transferred',
  'OutcomeRecorded',
  'StoodDown',
]);

function DeadlineCell({ row: { nearestDeadline }, now }: Pick<RowProps, 'row' | 'now'>) {
  if (!nearestDeadline)
    return (
      <td>
        <None />
      </td>
    );
  const { name, dueAt } = nearestDeadline;
  return (
    <td>
      {now !== undefined && <span class={`countdown ${urgency(dueAt, now)}`}>{countdown(dueAt, now)}</span>}
      <span class="minor">
        {words(name)}, <time dateTime={new Date(dueAt).toISOString()}>{shortInstant(dueAt)}</time>
      </span>
    </td>
  );
}
