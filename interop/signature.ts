// Signatures on webhooks: HMAC-SHA256 over the stamp and the raw bytes, in the header `Caretrail-Signature: t=<unix>,v1=<hex>`.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Lower case, as Node names headers. */
export const signatureHeader = 'caretrail-signature';

/** How far a stamp may lie from real time, in seconds, so that an old message cannot be sent again by somebody else. */
const toleranceSeconds = 300;

/** The header's value for a body that is sent at this real instant (milliseconds). */
export function sign(secret: string, body: Buffer, atMs: number): string {
  const stamp = Math.floor(atMs / 1_000);
  return `t=${stamp},v1=${digest(secret, stamp, body).toString('hex')}`;
}

/** True if whoever knows the secret sent exactly these bytes, less than five minutes from now. */
export function isSigned(secret: string, body: Buffer, header: string, nowMs: number): boolean {
  const [, stamp, hex] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (stamp === undefined || hex === undefined) return false;
  if (Math.abs(nowMs / 1_000 - Number(stamp)) > toleranceSeconds) return false;
  return timingSafeEqual(Buffer.from(hex, 'hex'), digest(secret, Number(stamp), body));
}

const digest = (secret: string, stamp: number, body: Buffer): Buffer =>
  createHmac('sha256', secret).update(`${stamp}.`).update(body).digest();
