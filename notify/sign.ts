import { createHmac } from 'node:crypto';

/**
 * Headers by which a receiver knows that a body is ours and new: `X-Firedrill-Timestamp`, seconds since 1970, and
 * `X-Firedrill-Signature`, `sha256=` and the hex of HMAC-SHA256 over timestamp, a full stop and the bytes of the body.
 * A receiver computes the same, compares in constant time and refuses a timestamp that is more than minutes away.
 */
export function signatureHeaders(body: string, secret: string, at: Date): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-firedrill-timestamp': timestamp, 'x-firedrill-signature': `sha256=${signature}` };
}
