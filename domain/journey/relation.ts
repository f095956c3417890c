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
      // Whoever asked may go on until the roster has spoken; after that only the proxy whose authority holds.
      return proxy ? actor.id === proxy.proxyId && !proxy.ended : actor.id === request.requester.id;
    case 'A':
      return source === undefined || actor.id === source;
    default:
      return true;
  }
}
