// The one way in which the screens talk to the service.

/** A field that was refused, and what would be right. */
export interface FieldFault {
  readonly field: string;
  readonly problem: string;
  readonly remedy: string;
}

interface ProblemBody {
  readonly code?: string;
  readonly detail?: string;
  readonly remedy?: string;
  readonly errors?: readonly FieldFault[];
}

/** An answer that is no success: what a person should read, and what would make it succeed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly remedy: string;
  readonly faults: readonly FieldFault[];
  constructor(status: number, { code = 'unavailable', detail, remedy, errors = [] }: ProblemBody) {
    super(detail ?? 'The service does not answer.');
    this.status = status;
    this.code = code;
    this.remedy = remedy ?? 'Try again in a moment.';
    this.faults = errors;
  }
}

/** What goes along with a request. */
export interface Request {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Asks the service. @throws Refusal */
export async function ask<T>(path: string, { method = 'GET', body, headers = {}, signal }: Request = {}): Promise<T> {
  const answer = await fetch(path, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    throw signal?.aborted ? error : new Refusal(0, {});
  });
  const text = await answer.text();
  const content = text.startsWith('{') ? (JSON.parse(text) as unknown) : undefined;
  if (!answer.ok) throw new Refusal(answer.status, (content ?? {}) as ProblemBody);
  return content as T;
}

/** Gives a command; the same key may be given again when no answer came. @throws Refusal */
export const give = <T>(route: string, body: object, key: string): Promise<T> =>
  ask<T>(route, { method: 'POST', body, headers: { 'idempotency-key': key } });
