import { DrillError } from '../domain/drill-error.ts';
import type { ColumnRule, RowTransform, TableShape } from '../domain/masking.ts';
import { ByteWriter } from './byte-writer.ts';
import { columnType } from './column-type.ts';
import { BACKSLASH, LINE_FEED, TAB } from './copy-text.ts';
import { elementPlaceholder, redactArray } from './redact-array.ts';
import { redactJson } from './redact-json.ts';
import { redactText } from './redact-text.ts';
import { compileTemplate } from './template.ts';

/** Writes what stands for the field `rows[start, end)`, which is not NULL. */
type FieldEdit = (rows: Buffer, start: number, end: number, out: ByteWriter, fieldStarts: Int32Array) => void;

const UPPER_N = 0x4e;
const DOT = 0x2e;
const NULL_FIELD = Buffer.from(String.raw`\N`);

/**
 * Makes the transform of one table. `rules` are in the order of the shape's columns. Only fields with a rule are looked
 * into; everything between them is copied as it stands. A row that has not as many fields as the table has columns, an
 * unfinished row, or a value that is not what its column says, throws: nothing passes that was not understood.
 */
export function createRowTransform(
  shape: TableShape,
  rules: readonly ColumnRule[],
  onRows: (rows: number) => void = () => {},
): RowTransform {
  const names = shape.columns.map(({ name }) => name);
  const edits = shape.columns.flatMap(({ type }, field) => {
    const edit = fieldEdit(rules[field]!, type, names);
    return edit ? [{ field, edit }] : [];
  });
  const table = `${shape.schema}.${shape.table}`;
  const fieldStarts = new Int32Array(names.length + 1);
  let rowsDone = 0;

  return (rows) => {
    const out = new ByteWriter(rows.length + (rows.length >> 2) + 1024);
    let copied = 0;
    let rowsHere = 0;
    for (let position = 0; position < rows.length; rowsHere++) {
      const next = splitRow(rows, position, fieldStarts, names.length);
      if (next < 0) throw rowError(table, rowsDone + rowsHere + 1, names.length);
      for (const { field, edit } of edits) {
        const start = fieldStarts[field]!;
        const end = fieldStarts[field + 1]! - 1;
        if (end - start === 2 && rows[start] === BACKSLASH && rows[start + 1] === UPPER_N) continue;
        out.bytes(rows, copied, start);
        try {
          edit(rows, start, end, out, fieldStarts);
        } catch (error) {
          throw valueError(table, names[field]!, rowsDone + rowsHere + 1, error);
        }
        copied = end;
      }
      position = next;
    }
    out.bytes(rows, copied, rows.length);
    rowsDone += rowsHere;
    onRows(rowsHere);
    return out.take();
  };
}

/** The edit of a rule; `undefined` where the value stays. */
function fieldEdit(rule: ColumnRule, type: string, names: readonly string[]): FieldEdit | undefined {
  if (rule.kind === 'keep') return undefined;
  if (rule.kind === 'null') return (_rows, _start, _end, out) => out.all(NULL_FIELD);
  if (rule.kind === 'replace') {
    const write = compileTemplate(rule.template, names);
    return (rows, _start, _end, out, fieldStarts) => write(rows, fieldStarts, out);
  }
  const { limit, element } = columnType(type);
  if (rule.as === 'json') return redactJson;
  if (rule.as === 'text') return (rows, start, end, out) => redactText(rows, start, end, out, limit);
  const placeholder = elementPlaceholder(element ?? { family: 'other' });
  return (rows, start, end, out) => redactArray(rows, start, end, out, placeholder);
}

/**
 * Notes where each field of the row at `position` begins (and, behind the last one, where the next row does), and gives
 * the place of the next row; -1 for a row that is none of this table. A tab or line feed behind an unpaired backslash
 * would be data to the server, so that it and this transform would not see the same fields: such a row is refused.
 */
function splitRow(rows: Buffer, position: number, fieldStarts: Int32Array, fields: number): number {
  let field = 0;
  fieldStarts[0] = position;
  for (let index = position; index < rows.length; index++) {
    const byte = rows[index]!;
    // One comparison for nearly every byte: this loop is most of the work on columns that are kept.
    if (byte > LINE_FEED || (byte !== TAB && byte !== LINE_FEED)) continue;
    if (index > position && rows[index - 1] === BACKSLASH && isUnpaired(rows, position, index - 1)) return -1;
    field++;
    if (field > fields) return -1;
    fieldStarts[field] = index + 1;
    if (byte === TAB) continue;
    const isEndMarker = index - position === 2 && rows[position] === BACKSLASH && rows[position + 1] === DOT;
    return field === fields && !isEndMarker ? index + 1 : -1;
  }
  return -1;
}

/** True when an odd number of backslashes ends at `last`. */
function isUnpaired(rows: Buffer, from: number, last: number): boolean {
  let index = last;
  while (index >= from && rows[index] === BACKSLASH) index--;
  return (last - index) % 2 === 1;
}

function rowError(table: string, row: number, fields: number): DrillError {
  return new DrillError({
    code: 'masking-failed',
    what: `a row of ${table} cannot be masked`,
    expected: `a whole row of ${fields} fields in COPY text format`,
    actual: 'something else',
    where: `row ${row} of the table`,
  });
}

function valueError(table: string, column: string, row: number, cause: unknown): unknown {
  if (!(cause instanceof DrillError)) return cause;
  return new DrillError({ ...cause.facts, where: `${table}.${column}, row ${row} of the table`, cause });
}
