import { InvalidCursor } from './errors';

/** Pages of what is listed by its creation, newest first: stable however much is added meanwhile. */

/** Where a page ended: the last row's place in the order (created_at, id). */
export interface Place {
  readonly createdAt: string;
  readonly id: string;
}

export function cursorOf({ createdAt, id }: Place): string {
  return Buffer.from(`${createdAt} ${id}`).toString('base64url');
}

const PLACE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ((sub|cus)_[a-z0-9]{1,40})$/;

/** A cursor of another list is none of this one. @throws InvalidCursor */
export function placeOf(cursor: string, of: 'sub' | 'cus'): Place {
  const [, createdAt, id, kind] = PLACE.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (kind !== of || !createdAt || !id || !isInstant(createdAt)) throw new InvalidCursor();
  const place = { createdAt, id };
  // Decoding forgives characters that are no base64url; a cursor of ours comes back as it was.
  if (cursorOf(place) !== cursor) throw new InvalidCursor();
  return place;
}

/** Of a day that there is: JavaScript reads 30 February as 2 March, the database does not read it at all. */
function isInstant(text: string): boolean {
  const at = Date.parse(text);
  return at >= 0 && new Date(at).toISOString() === text;
}
