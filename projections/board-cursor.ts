import { z } from 'zod';
import { At } from '../domain/kernel/event.ts';

/** Where a page of the board ended: urgency, due instant, instant of the request, stream. */
const Place = z.tuple([z.int().min(0).max(2), At.or(z.literal(Number.MAX_SAFE_INTEGER)), At, z.string().max(200)]);
export type Place = z.output<typeof Place>;

export class CursorUnknown extends Error {
  override readonly name = 'CursorUnknown';
}

export const cursorOf = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** @throws CursorUnknown for anything that `cursorOf` did not make */
export function placeOf(cursor: string): Place {
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new CursorUnknown('the cursor does not come from this board');
  }
}
