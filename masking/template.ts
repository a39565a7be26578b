import { parseTemplate } from '../domain/masking-template.ts';
import type { ByteWriter } from './byte-writer.ts';
import { escapeCopyText } from './copy-text.ts';

/** Stands in a template for a column that is NULL, so that the shape of the value stays: `test-0@example.com`. */
const insteadOfNull = Buffer.from('0');
const BACKSLASH = 0x5c;
const UPPER_N = 0x4e;

/**
 * Compiles a template into a function that writes it for one row. `fieldStarts[i]` is where field `i` begins; field `i`
 * ends one byte before field `i + 1` begins. Values go from field to field as they stand, since both are escaped alike.
 */
export function compileTemplate(template: string, columnNames: readonly string[]) {
  const parts = parseTemplate(template).map((part) =>
    'text' in part
      ? { text: Buffer.from(escapeCopyText(part.text)), field: -1 }
      : { text: Buffer.alloc(0), field: columnNames.indexOf(part.column) },
  );
  return (rows: Buffer, fieldStarts: Int32Array, out: ByteWriter): void => {
    for (const { text, field } of parts) {
      if (field < 0) {
        out.all(text);
        continue;
      }
      const start = fieldStarts[field]!;
      const end = fieldStarts[field + 1]! - 1;
      if (end - start === 2 && rows[start] === BACKSLASH && rows[start + 1] === UPPER_N) out.all(insteadOfNull);
      else out.bytes(rows, start, end);
    }
  };
}
