import { InvalidEvent, Unavailable } from '../event-store.ts';

/** Classes of SQLSTATE that blame the data: 22 data exception, 23 constraint violation. */
const blamesData = (code: string) => code.startsWith('22') || code.startsWith('23');

/** Classes that blame the statement or the rights, which no repetition mends: 0A, 3x, 42. */
const blamesProgram = (code: string) => code.startsWith('0A') || code.startsWith('3') || code.startsWith('42');

const sqlState = (error: unknown) => {
  const code = error instanceof Error && 'severity' in error && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
};

/** Whether the database refused the data themselves. */
export const isDataFault = (error: unknown) => blamesData(sqlState(error));

/** What the port promises for an error of the driver: InvalidEvent, Unavailable, or the error itself when the program is at fault. */
export function portError(error: unknown): unknown {
  if (error instanceof TypeError) return error;
  const code = sqlState(error);
  if (blamesData(code)) return new InvalidEvent('the store cannot hold the event, or its id stands elsewhere', { cause: error });
  if (code !== '' && blamesProgram(code)) return error;
  return new Unavailable('the database did not answer; the outcome is not known', { cause: error });
}
