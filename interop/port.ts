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
  /** How long one call may take; 3 seconds by default. */
  readonly timeoutMs?: number;
}
