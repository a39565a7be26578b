import { z } from 'zod';
import { messageOf } from '../domain/drill-error.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import { sha256 } from './digest.ts';
import { ledgerEntrySchema } from './ledger-schema.ts';
import { signBytes, type Signer } from './signer.ts';

/** What stands before the first line. */
export const beforeTheFirst = '0'.repeat(64);

/** A line taken apart: the entry, the bytes that are signed, and the signature over them. */
export interface LedgerLine {
  entry: LedgerEntry;
  signed: Buffer;
  signature: Buffer;
  /** sha256 of the whole line without its line end: what the next line names as `previous`. */
  sha256: string;
}

/**
 * The line of an entry, without its line end: the JSON of the entry, into which the signature over exactly that JSON is
 * put as last member. So the signed bytes are had back with one replacement, without any rule on how to write JSON:
 * `sed 's/,"signature":"[^"]*"}$/}/'`.
 */
export function encodeLine(entry: LedgerEntry, signer: Signer): string {
  const body = JSON.stringify(entry);
  const signature = signBytes(signer, Buffer.from(body)).toString('base64');
  return `${body.slice(0, -1)},"signature":"${signature}"}`;
}

const lastMember = /,"signature":"([A-Za-z0-9+/]{86}==)"\}$/;

/** Takes a line apart; the text says why it is no line of a ledger. Whether the signature is right is not looked at. */
export function decodeLine(bytes: Uint8Array): LedgerLine | { mistake: string } {
  const text = strictText(bytes);
  if (text === undefined) return { mistake: 'it is not UTF-8' };
  const [member, base64] = lastMember.exec(text) ?? [];
  if (member === undefined || base64 === undefined) return { mistake: 'it does not end with a signature' };
  const signature = Buffer.from(base64, 'base64');
  // The last letter of a base64 text has bits that mean nothing: with others it reads the same.
  if (signature.toString('base64') !== base64) return { mistake: 'its signature is not written as it was made' };
  const body = `${text.slice(0, -member.length)}}`;
  const entry = readEntry(body);
  if ('mistake' in entry) return entry;
  return { entry, signed: Buffer.from(body), signature, sha256: sha256(bytes) };
}

function readEntry(body: string): LedgerEntry | { mistake: string } {
  try {
    const parsed = ledgerEntrySchema.safeParse(JSON.parse(body));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return { mistake: `${z.core.toDotPath(issue?.path ?? []) || 'the entry'}: ${issue?.message}` };
  } catch (error) {
    return { mistake: messageOf(error) };
  }
}

/** A decoder that neither mends wrong bytes nor leaves out a byte order mark, so that every byte counts. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function strictText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
