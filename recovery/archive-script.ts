import { DrillError } from '../domain/drill-error.ts';
import { parseEntry, type ArchiveEntry } from './archive-entry.ts';
import { ByteReader } from './byte-reader.ts';
import { SqlScanner } from './sql-scanner.ts';
import type { TableOfContents } from './table-of-contents.ts';

/** A piece of the script, in its order. */
export type ScriptPart =
  /** Session settings; every connection needs them. */
  | { kind: 'settings'; sql: string }
  /** One or more statements of an entry. `settings` are those it needs beyond the session's. */
  | { kind: 'statements'; entry: ArchiveEntry; sql: string; settings: string }
  /** The rows of a table as COPY text, chunks of whole rows; they are to be read before the next part. */
  | { kind: 'rows'; entry: ArchiveEntry; copy: string; rows: AsyncGenerator<Buffer> };

/** Large objects can be many: their statements are handed out in portions of about this size. */
const portionLength = 1024 * 1024;

/** Entries of many statements. Of any other a line that ends in a semicolon may be in the middle of a statement. */
const inPortions = new Set(['BLOB', 'BLOBS', 'BLOB METADATA']);

/**
 * Splits the script that `pg_restore --verbose --file=-` writes into its entries. Statements are not taken apart: the
 * server does that. Only what ends an entry is looked for, outside of every quotation: the comment before the next
 * one, the rows of a table, and psql's own commands.
 */
export async function* readArchiveScript(
  output: AsyncIterable<Buffer>,
  contents?: TableOfContents,
): AsyncGenerator<ScriptPart> {
  const reader = new ByteReader(output);
  let scanner = new SqlScanner();
  let entry: ArchiveEntry | undefined;
  let settings = '';
  let comment: string[] = [];
  let lines: string[] = [];
  let length = 0;

  const take = (): ScriptPart | undefined => {
    const { sql, settings: next } = liftSettings(lines.join('\n').trim(), settings);
    const needed = settings;
    settings = next;
    lines = [];
    length = 0;
    if (sql === '') return undefined;
    return entry === undefined ? { kind: 'settings', sql } : { kind: 'statements', entry, sql, settings: needed };
  };

  for (let line = await reader.line(); line !== undefined; line = await reader.line()) {
    if (scanner.atTop && line.startsWith('--')) {
      comment.push(line);
      continue;
    }
    const announced = comment.length > 0 ? parseEntry(comment, contents) : undefined;
    comment = [];
    if (announced) {
      const part = take();
      if (part) yield part;
      entry = announced;
    }
    if (scanner.atTop && line.startsWith('\\')) {
      if (isConnect(line)) {
        const part = take();
        if (part) yield part;
        entry = undefined;
      }
      continue;
    }
    scanner.push(line);
    lines.push(line);
    length += line.length;
    if (line.startsWith('SET standard_conforming_strings = off')) scanner = new SqlScanner({ backslashEscapes: true });
    if (!scanner.atTop || !line.endsWith(';')) continue;
    // No statement of another entry begins so. What cannot end so is not put together for each of its lines.
    if (entry && line.endsWith(' FROM stdin;') && /^COPY .* FROM stdin;$/s.test(lines.join('\n').trim())) {
      const copy = lines.join('\n').trim().slice(0, -1);
      lines = [];
      length = 0;
      yield { kind: 'rows', entry, copy, rows: reader.rows() };
    } else if (length > portionLength && inPortions.has(entry?.type ?? '')) {
      const part = take();
      if (part) yield part;
    }
  }
  if (!scanner.atTop) throw unfinished(entry);
  const part = take();
  if (part) yield part;
}

/**
 * pg_restore writes such a setting before the comment of the entry that it is for, so it arrives at the end of the
 * entry before. Entries that run on another connection need it as well.
 */
const trailingSetting = /(?:^|\n)SET (default_tablespace|default_table_access_method) = [^\n]*;$/;

function liftSettings(sql: string, current: string): { sql: string; settings: string } {
  const lifted: string[] = [];
  let rest = sql;
  for (let match = trailingSetting.exec(rest); match; match = trailingSetting.exec(rest)) {
    lifted.unshift(match[0].trim());
    rest = rest.slice(0, match.index).trimEnd();
  }
  const names = lifted.map((setting) => setting.split(' ')[1]);
  const kept = current.split('\n').filter((setting) => setting !== '' && !names.includes(setting.split(' ')[1]));
  return { sql: rest, settings: [...kept, ...lifted].join('\n') };
}

/** psql's own commands: those that guard a script against foreign ones, and the change of the database. */
function isConnect(line: string): boolean {
  if (line.startsWith('\\connect ')) return true;
  // Before the change to a database of an odd name; the settings that follow it say the encoding again.
  if (/^\\(?:(?:un)?restrict|encoding) /.test(line)) return false;
  throw new DrillError({
    code: 'restore-failed',
    what: 'the script of the archive holds a command that is not known',
    expected: '\\connect, \\encoding, \\restrict or \\unrestrict',
    actual: line.slice(0, 40),
  });
}

function unfinished(entry: ArchiveEntry | undefined): DrillError {
  return new DrillError({
    code: 'restore-failed',
    what: 'the script of the archive ends inside a statement',
    expected: 'the end of the archive',
    actual: entry === undefined ? 'its first lines' : `${entry.type} ${entry.name}`,
  });
}
