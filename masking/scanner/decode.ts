/**
 * A row with its escapes of JSON's kind (`\u0040`, with any number of backslashes) as the characters that they stand
 * for. Control characters become spaces, so that fields and rows stay apart.
 */
export function decodeUnicodeEscapes(row: Buffer): Buffer {
  const text = row.toString().replaceAll(/\\+u([0-9a-f]{4})/gi, (_escape, digits: string) => {
    const unit = Number.parseInt(digits, 16);
    return unit < 0x20 ? ' ' : String.fromCharCode(unit);
  });
  return Buffer.from(text);
}

const LOWER_X = 0x78;
/** `\\x`, as COPY writes the beginning of a bytea. */
const prefixLength = 3;

/** The bytes of the bytea in hex form in the field `rows[start, end)`; none for NULL. */
export function decodeHexBytes(rows: Buffer, start: number, end: number): Buffer {
  if (end - start <= prefixLength || rows[start + 2] !== LOWER_X) return Buffer.alloc(0);
  return Buffer.from(rows.toString('latin1', start + prefixLength, end), 'hex');
}
