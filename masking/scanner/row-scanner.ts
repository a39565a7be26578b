import type { TextScanner } from './text-scanner.ts';
import type { Finds } from './finds.ts';
import type { Tally } from './tally.ts';
import { decodeHexBytes, decodeUnicodeEscapes, decodeXmlReferences, hexRuns } from './decode.ts';

const TAB = 0x09;
const LINE_FEED = 0x0a;

/** Types whose values hold no other ones, so that no `bytea` is inside of them; all others may be compound. */
const scalar =
  /^(bytea|text|character varying|character|name|citext|boolean|smallint|integer|bigint|numeric|real|double precision|money|oid|uuid|date|interval|inet|cidr|jsonb?|xml|tsvector|time.*)$/;

/** One field of a row: what a find in it is counted under, and its type as `format_type` prints it. */
export interface Field {
  place: string;
  type: string;
}

/**
 * Makes the scanner of the rows of `place`, a table, in COPY text format. It takes whole rows; every find is counted under its
 * column. Rows with escapes such as `\u0040` and the contents of `bytea` columns are scanned again as what they stand
 * for.
 */
export function createRowScanner(
  place: string,
  fields: readonly Field[],
  scanner: TextScanner,
  tally: Tally,
): (rows: Buffer) => void {
  tally.open(place, fields.length);
  const binary = fields.flatMap(({ type }, index) => (type === 'bytea' ? [index] : []));
  const xml = fields.flatMap(({ type }, index) => (type === 'xml' ? [index] : []));
  const compound = fields.flatMap(({ type }, index) => (scalar.test(type) ? [] : [index]));

  return (rows) => {
    /** Where the row begins whose escapes were seen last, so that a row is decoded once. */
    let escapedRow = -1;
    const escapedRows: number[] = [];
    scanner.scanText(rows, 0, rows.length, {
      found: (detector, at, canaryId) => tally.add(detector, placeOf(rows, at), canaryId),
      unicodeEscape: (at) => {
        const row = rowStart(rows, at);
        if (row !== escapedRow) escapedRows.push(row);
        escapedRow = row;
      },
    });
    for (const row of escapedRows) scanDecoded(rows.subarray(row, rowEnd(rows, row)));
    if (binary.length + compound.length + xml.length > 0) scanFields(rows);
    tally.addRows(place, countRows(rows));
  };

  function scanDecoded(row: Buffer): void {
    const decoded = decodeUnicodeEscapes(row);
    scanner.scanText(decoded, 0, decoded.length, {
      found: (detector, at, canaryId) => tally.add(detector, placeOf(decoded, at), canaryId),
      unicodeEscape: () => {},
    });
  }

  function scanFields(rows: Buffer): void {
    for (let row = 0; row < rows.length; row = rowEnd(rows, row) + 1) {
      const bounds = fieldBounds(rows, row);
      const fieldOf = (index: number): [number, number] => [bounds[index] ?? row, (bounds[index + 1] ?? row) - 1];
      for (const index of binary) scanBytes(decodeHexBytes(rows, ...fieldOf(index)), index);
      for (const index of compound) {
        for (const [start, end] of hexRuns(rows, ...fieldOf(index))) scanBytes(decodeHexBytes(rows, start, end), index);
      }
      for (const index of xml) {
        const [start, end] = fieldOf(index);
        if (rows.subarray(start, end).includes('&')) scanDecodedXml(decodeXmlReferences(rows, start, end), index);
      }
    }
  }

  function scanDecodedXml(text: Buffer, field: number): void {
    scanner.scanText(text, 0, text.length, findsOf(field));
  }

  function scanBytes(bytes: Buffer, field: number): void {
    scanner.scanBinary(bytes, findsOf(field));
  }

  /** Counts finds in what one field stands for. */
  function findsOf(field: number): Finds {
    return {
      found: (detector, _at, canaryId) => tally.add(detector, placeAt(field), canaryId),
      unicodeEscape: () => {},
    };
  }

  /** The column that the byte at `at` belongs to. */
  function placeOf(rows: Buffer, at: number): string {
    let field = 0;
    for (let index = rowStart(rows, at); index < at; index++) if (rows[index] === TAB) field++;
    return placeAt(field);
  }

  /** A row that has more fields than the table has columns is still looked at. */
  function placeAt(field: number): string {
    return (fields[field] ?? fields.at(-1))?.place ?? '';
  }
}

function rowStart(rows: Buffer, at: number): number {
  return at === 0 ? 0 : rows.lastIndexOf(LINE_FEED, at - 1) + 1;
}

function rowEnd(rows: Buffer, at: number): number {
  const end = rows.indexOf(LINE_FEED, at);
  return end < 0 ? rows.length : end;
}

/** Where each field of the row at `row` begins, and one place behind the row's end. */
function fieldBounds(rows: Buffer, row: number): number[] {
  const end = rowEnd(rows, row);
  const bounds = [row];
  for (let index = row; index < end; index++) if (rows[index] === TAB) bounds.push(index + 1);
  bounds.push(end + 1);
  return bounds;
}

function countRows(rows: Buffer): number {
  let count = 0;
  for (let index = 0; index < rows.length; count++) index = rowEnd(rows, index) + 1;
  return count;
}
