import { createHash } from 'node:crypto';

/** UUID version 5 over a name: the same name always gives the same id. */
function uuidOf(...name: readonly (string | number)[]): string {
  const bytes = createHash('sha1').update(namespace).update(name.join('|')).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The namespace of this project's ids, made once at random. */
const namespace = Buffer.from('6f1c0a52b1b94b6f8d0e6a3f0c2d7e91', 'hex');

/** Id of a command's event with this ordinal. */
export const eventId = (stream: string, commandId: string, ordinal: number): string => uuidOf(stream, commandId, ordinal);

/** Id of something new that a command makes; the label tells several apart. */
export const entityId = (stream: string, commandId: string, label: string): string => uuidOf(stream, commandId, label);
