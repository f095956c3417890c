// What a partner calls one of our entities: the reference that we gave with the call, and nothing about a person.

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
