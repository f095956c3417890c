import { createHmac } from 'node:crypto';
import type { PartyName } from './party.ts';

/** The bearer token that a stand-in knows us by; it follows from the secret of this checkout, so that a restart changes nothing. */
export const tokenOf = (secret: string, party: PartyName): string => createHmac('sha256', secret).update(`token of ${party}`).digest('hex');
