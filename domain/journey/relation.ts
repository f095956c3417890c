import type { Actor } from '../kernel/actor.ts';
import type { Journey } from './state.ts';

/**
 * Whether somebody has to do with this journey at all: a patient or proxy with their own, a partner with the commands of
 * its own source, staff and the system by role. Anybody else is answered as if the journey did not exist.
 */
export function mayTouch({ intake: { request, proxy } }: Journey, actor: Actor, source?: string): boolean {
  if (!request) return true;
  switch (actor.role) {
    case 'P':
      return actor.id === request.patientId;
    case 'X':
      return actor.id === request.requester.id || actor.id === proxy?.proxyId;
    case 'A':
      return source === undefined || actor.id === source;
    default:
      return true;
  }
}
