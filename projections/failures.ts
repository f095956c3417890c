/** Classes of SQLSTATE that no repetition mends: data (22), constraints (23), features (0A), program and rights (3x, 42). */
const lasting = /^(22|23|0A|3|42)/;

/** True if the database refused the statement or what it says; false for an outage, which passes. */
export function isLasting(error: unknown): boolean {
  const code = error instanceof Error && 'severity' in error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && lasting.test(code);
}

/** A view's table that is not there yet. */
export const isMissingTable = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '42P01';
