import type { ReconciliationEntry } from '../domain/reconciliation.ts';

/** Lengths of the key, the digest and the row's id stand before each entry. */
const headerBytes = 12;
const absent = 0xffff_ffff;
/** Set in the length of a digest that is kept as bytes instead of hexadecimal digits. */
const asBytes = 0x8000_0000;

/** Writes entries one after the other into one buffer outside the heap, in UTF-8; digests in hexadecimal as bytes. */
export function packEntries(entries: readonly ReconciliationEntry[]): Buffer {
  const sizeBytes = entries.reduce((sum, entry) => sum + packedBytes(entry), 0);
  const packed = Buffer.allocUnsafeSlow(sizeBytes);
  let offset = 0;
  for (const { key, digest, rowId } of entries) {
    const header = offset;
    offset += headerBytes;
    const keyBytes = packed.write(key, offset);
    offset += keyBytes;
    const hexadecimal = digest !== undefined && isHexadecimal(digest);
    const digestBytes = digest === undefined ? 0 : packed.write(digest, offset, hexadecimal ? 'hex' : 'utf8');
    offset += digestBytes;
    const rowIdBytes = rowId === undefined ? 0 : packed.write(rowId, offset);
    offset += rowIdBytes;
    packed.writeUInt32LE(keyBytes, header);
    packed.writeUInt32LE(digest === undefined ? absent : digestBytes + (hexadecimal ? asBytes : 0), header + 4);
    packed.writeUInt32LE(rowId === undefined ? absent : rowIdBytes, header + 8);
  }
  return packed;
}

/** Gives the entries of `packEntries` back, one by one, in their order. */
export function* unpackEntries(packed: Buffer): Generator<ReconciliationEntry> {
  let offset = 0;
  const text = (lengthBytes: number, encoding: 'utf8' | 'hex' = 'utf8'): string => {
    offset += lengthBytes;
    return packed.toString(encoding, offset - lengthBytes, offset);
  };
  while (offset < packed.length) {
    const keyBytes = packed.readUInt32LE(offset);
    const digestBytes = packed.readUInt32LE(offset + 4);
    const rowIdBytes = packed.readUInt32LE(offset + 8);
    offset += headerBytes;
    const entry: ReconciliationEntry = { key: text(keyBytes) };
    if (digestBytes !== absent)
      entry.digest = digestBytes >= asBytes ? text(digestBytes - asBytes, 'hex') : text(digestBytes);
    if (rowIdBytes !== absent) entry.rowId = text(rowIdBytes);
    yield entry;
  }
}

function packedBytes({ key, digest = '', rowId = '' }: ReconciliationEntry): number {
  const digestBytes = isHexadecimal(digest) ? digest.length / 2 : Buffer.byteLength(digest);
  return headerBytes + Buffer.byteLength(key) + digestBytes + Buffer.byteLength(rowId);
}

/** Only in the form that `toString('hex')` gives back: whole bytes, small letters. */
function isHexadecimal(digest: string): boolean {
  return /^(?:[\da-f]{2})+$/.test(digest);
}
