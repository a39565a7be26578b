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

/** Where values of type bytea stand inside the field `rows[start, end)` of an array or another compound type. */
export function* hexRuns(rows: Buffer, start: number, end: number): Generator<[start: number, end: number]> {
  for (let at = rows.indexOf(String.raw`\x`, start); at >= 0 && at < end; at = rows.indexOf(String.raw`\x`, at + 1)) {
    let after = at + 2;
    while (after < end && isHexDigit[rows[after]!]) after++;
    if (after > at + 2) yield [at - 1, after];
  }
}

const isHexDigit = Array.from({ length: 256 }, (_, byte) => /[\da-f]/.test(String.fromCharCode(byte)));

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The field `rows[start, end)` of type xml with its references (`&#64;`, `&quot;`) as what they stand for. */
export function decodeXmlReferences(rows: Buffer, start: number, end: number): Buffer {
  const text = rows
    .toString('utf8', start, end)
    .replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, replaceReference);
  return Buffer.from(text);
}

function replaceReference(reference: string, decimal?: string, hex?: string, name = ''): string {
  if (decimal === undefined && hex === undefined) return entities[name] ?? reference;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code > 0x1f && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
}
