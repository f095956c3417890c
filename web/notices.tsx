import { Refusal } from './server.ts';

/** Something is on its way. */
export const Loading = ({ what }: { readonly what: string }) => (
  <p class="loading" role="status">
    <span class="spinner" aria-hidden="true" /> Loading {what} …
  </p>
);

interface FaultProps {
  readonly error: Error;
  readonly again?: () => void;
}

/** Something could not be read, and what would help. */
export function Fault({ error, again }: FaultProps) {
  return (
    <section class="fault" role="alert">
      <p>
        <strong>{error.message}</strong> {error instanceof Refusal && error.remedy}
      </p>
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </section>
  );
}
