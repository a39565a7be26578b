import { ByteWriter } from './byte-writer.ts';
import { escapeCopyText, unescapeCopyText } from './copy-text.ts';

/** Test support: puts a value through a redaction as a field in the middle of a row, and reads the result back. */
export function redacted(
  value: string,
  redact: (source: Buffer, start: number, end: number, out: ByteWriter) => void,
): string {
  const field = Buffer.from(escapeCopyText(value));
  // Neighbours that would complete a value which is cut off show whether a redaction reads past its end.
  const before = Buffer.from('before\t');
  const row = Buffer.concat([before, field, Buffer.from('\t"]}\\\\"\n')]);
  const out = new ByteWriter(0);
  redact(row, before.length, before.length + field.length, out);
  return unescapeCopyText(out.take().toString());
}

/** Words of a text that a masked one must not have: three letters or digits and more. */
export function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}]{3,}/gu) ?? [];
}
