import type { ByteWriter } from './byte-writer.ts';
import { escapeCopyText } from './copy-text.ts';

/** A piece of a template: text as it is, or the value of a column of the same row. */
export type TemplatePart = { text: string } | { column: string };

/**
 * Takes a template apart. `{name}` stands for a column; braces around anything with a quote, a brace, a comma or a
 * colon are text, so that `{}` and JSON can be templates too.
 */
export function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const match of template.matchAll(/\{([^{}",:]+)\}/g)) {
    if (match.index > from) parts.push({ text: template.slice(from, match.index) });
    parts.push({ column: match[1]! });
    from = match.index + match[0].length;
  }
  if (from < template.length) parts.push({ text: template.slice(from) });
  return parts;
}

/** Columns that a template names, each once. */
export function templateColumns(template: string): string[] {
  return [...new Set(parseTemplate(template).flatMap((part) => ('column' in part ? [part.column] : [])))];
}

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
