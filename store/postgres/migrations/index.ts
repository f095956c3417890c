import { append, events } from './0001-events.ts';
import { ports } from './0002-ports.ts';
import { rights } from './0003-rights.ts';
import { views } from './0004-views.ts';

/** Every change of the database, in order. One that has been released is never edited: add another. */
export const migrations: readonly { readonly id: number; readonly name: string; readonly sql: string }[] = [
  { id: 1, name: 'events', sql: events },
  { id: 2, name: 'append', sql: append },
  { id: 3, name: 'ports', sql: ports },
  { id: 4, name: 'rights', sql: rights },
  { id: 5, name: 'views', sql: views },
];
