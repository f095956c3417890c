// What a view is: a pure fold over the events of one stream, and the rows that stand for what it led to.
import type { EventContent } from '../store/event-store.ts';

export type ColumnType = 'text' | 'bigint' | 'integer' | 'boolean' | 'jsonb';

/** A table of a view. Every one also has the columns stream, tenant and patient, and row-level security over them. */
export interface TableDeclaration {
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** The columns that tell the rows of one stream apart; none if a stream has at most one row. */
  readonly key: readonly string[];
  /** What comes after `ON <table>` of each index. */
  readonly indexes: readonly string[];
}

/** One row; `tenant` and `patient` say whose it is. A column that is left out is null. */
export interface Row {
  readonly tenant: string;
  readonly patient: string;
  readonly [column: string]: unknown;
}

export interface View<State = unknown> {
  readonly name: string;
  /** Raised with every change of the fold or the rows: a table of another version is built anew. */
  readonly version: number;
  /** Beginnings of the names of the streams that it folds. */
  readonly streams: readonly string[];
  readonly table: TableDeclaration;
  /** `replaced`: the rows stand for a stream as it is. `added`: each event adds its own, and none ever changes. */
  readonly rowsAre: 'replaced' | 'added';
  readonly initial: State;
  /** The state of a stream after one more of its events. */
  fold(state: State, event: EventContent): State;
  /** The rows of a stream in this state; of its last event, where rows are added. */
  rows(state: State): readonly Row[];
  /** True if no more is to be expected of a stream: a rebuild need not hold its state. It may go on all the same. */
  isOver?(state: State): boolean;
}

/** True if the view folds the events of this stream. */
export const concerns = ({ streams }: View, stream: string): boolean => streams.some((prefix) => stream.startsWith(prefix));
