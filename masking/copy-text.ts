import { DrillError } from '../domain/drill-error.ts';

/**
 * The text format of COPY, as `COPY TO` writes it: fields are parted by a tab, rows by a line feed, NULL is `\N`, and
 * inside a field backslash and the six control characters below are escaped by a backslash.
 * https://www.postgresql.org/docs/current/sql-copy.html (File Formats, Text Format)
 */
export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const BACKSLASH = 0x5c;

/** The letters that may follow a backslash in what `COPY TO` writes, `\N` apart, and what they stand for. */
const controls: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' };
const escapes = new Map(Object.entries(controls).map(([letter, character]) => [character, `\\${letter}`]));

/** True for the bytes that may stand behind a backslash inside a field. */
export const isEscapeLetter: readonly boolean[] = Array.from({ length: 256 }, (_, byte) =>
  Object.hasOwn(controls, String.fromCharCode(byte)),
);

/** A value as it stands in a field. */
export function escapeCopyText(value: string): string {
  // oxlint-disable-next-line no-control-regex -- these control characters are what the format escapes.
  return value.replaceAll(/[\b\f\n\r\t\v\\]/g, (character) => escapes.get(character) ?? character);
}

/** The value that a field stands for. Throws on an escape that `COPY TO` never writes. */
export function unescapeCopyText(field: string): string {
  return field.replaceAll(/\\([\s\S]?)/g, (sequence, letter: string) => {
    const character = Object.hasOwn(controls, letter) ? controls[letter] : undefined;
    if (character === undefined) {
      throw new DrillError({
        code: 'masking-failed',
        what: 'a field in COPY text format cannot be read',
        expected: 'one of the escapes that COPY TO writes',
        actual: sequence.length === 1 ? 'a backslash at the end' : 'another one',
      });
    }
    return character;
  });
}

/** One row in COPY text format, line feed included. */
export function formatCopyRow(fields: readonly (string | null)[]): Buffer {
  return Buffer.from(
    `${fields.map((field) => (field === null ? String.raw`\N` : escapeCopyText(field))).join('\t')}\n`,
  );
}

/** The fields of one row in COPY text format, with or without its line feed. */
export function parseCopyRow(row: Buffer): (string | null)[] {
  const text = row.toString();
  const line = text.endsWith('\n') ? text.slice(0, -1) : text;
  return line.split('\t').map((field) => (field === String.raw`\N` ? null : unescapeCopyText(field)));
}
