/**
 * What became of a call (domain reference 3.7). `refused`: the partner said no. `failed`: certainly not done.
 * `unknown`: it may or may not have been done.
 */
export type Called<T> =
  | { readonly outcome: 'succeeded'; readonly answer: T }
  | { readonly outcome: 'refused' | 'failed' | 'unknown'; readonly reason: string };

/** What a partner says when it is asked by our key what became of an earlier call. */
export type Found<T> =
  | { readonly state: 'found'; readonly answer: T }
  | { readonly state: 'notFound' }
  | { readonly state: 'unknown'; readonly reason: string };

/** Where a partner listens. */
export interface Endpoint {
  /** Without a slash at the end. */
  readonly url: string;
  /** The bearer token that the partner knows us by. */
  readonly token: string;
  /** How long one call may take; 3 seconds by default. */
  readonly timeoutMs?: number;
}

/** The journey and the entity that a partner's message is about. */
export interface Reference {
  readonly journeyId: string;
  readonly entityId: string;
  /** Tells several calls for one entity apart, such as the legs of a delivery. */
  readonly part?: string;
}

const id = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** `<journeyId>/<entityId>`, or `<journeyId>/<entityId>/<part>`. */
export const referenceOf = ({ journeyId, entityId, part }: Reference): string => [journeyId, entityId, ...(part ? [part] : [])].join('/');

/** What a reference names; undefined if we never gave one like it. */
export function parseReference(text: string): Reference | undefined {
  const [journeyId = '', entityId = '', part, ...more] = text.split('/');
  const sound = more.length === 0 && [journeyId, entityId, part ?? 'none'].every((name) => id.test(name));
  return sound ? { journeyId, entityId, ...(part !== undefined && { part }) } : undefined;
}
