import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { isSignedBy, signBytes, type Signer } from './signer.ts';

/** Media type of an in-toto statement. */
export const statementType = 'application/vnd.in-toto+json';

const envelopeSchema = z.strictObject({
  payloadType: z.string(),
  payload: z.base64(),
  signatures: z.tuple([z.strictObject({ keyid: z.string(), sig: z.base64() })]),
});

type Envelope = z.output<typeof envelopeSchema>;

/** The bytes that are signed: pre-authentication encoding of the DSSE protocol 1.0.2. Lengths are bytes in decimal. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType);
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

/** Puts a payload into a signed envelope: JSON on one line, so that it can be taken apart with `sed`. */
export function sealEnvelope(payloadType: string, payload: Uint8Array, signer: Signer): string {
  const sig = signBytes(signer, preAuthenticationEncoding(payloadType, payload)).toString('base64');
  const base64 = Buffer.from(payload).toString('base64');
  return write({ payloadType, payload: base64, signatures: [{ keyid: signer.keyId, sig }] });
}

/** The payload of an envelope whose signature is that of the key; otherwise why not. Every byte of the text counts. */
export function openEnvelope(
  text: string,
  keyId: string,
  publicKey: KeyObject,
): { payload: Buffer } | { mistake: string } {
  const envelope = read(text);
  if (!envelope || write(envelope) !== text) return { mistake: 'it is not an envelope as it was written' };
  const payload = Buffer.from(envelope.payload, 'base64');
  const [{ keyid, sig }] = envelope.signatures;
  const signature = Buffer.from(sig, 'base64');
  if (payload.toString('base64') !== envelope.payload || signature.toString('base64') !== sig) {
    return { mistake: 'its base64 is not written as it was made' };
  }
  if (keyid !== keyId) return { mistake: `it names the key ${keyid}` };
  const signed = preAuthenticationEncoding(envelope.payloadType, payload);
  return isSignedBy(publicKey, signed, signature) ? { payload } : { mistake: 'its signature is wrong' };
}

function write({ payloadType, payload, signatures: [{ keyid, sig }] }: Envelope): string {
  return `${JSON.stringify({ payloadType, payload, signatures: [{ keyid, sig }] })}\n`;
}

function read(text: string): Envelope | undefined {
  try {
    return envelopeSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
