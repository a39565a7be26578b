import { createHash } from 'node:crypto';
import type { ArchiveEntry } from './archive-entry.ts';
import { entryTitle } from './archive-entry.ts';
import { readArchiveScript } from './archive-script.ts';
import { canonicalDefinition } from './canonical-definition.ts';
import { PrintedTables } from './printed-tables.ts';
import { splitStatements } from './restore-roles.ts';
import { atCommas, closingBracket, sqlTokens } from './sql-tokens.ts';

/** sha256 of what a dump prints for each object, the first 32 hex digits, by a title that names the object. */
export type StatementDigests = Record<string, string>;

/**
 * Reads what `pg_dump --schema-only --create --verbose` prints: the definitions, and the tables that hold rows, each with
 * the root of its partitions.
 */
export async function digestDefinitions(
  output: AsyncIterable<Buffer>,
): Promise<{ definitions: StatementDigests; tables: Record<string, string> }> {
  const texts = new Map<string, string[]>();
  const tables = new PrintedTables();
  for await (const part of readArchiveScript(output)) {
    if (part.kind !== 'statements') continue;
    add(texts, entryTitle(part.entry), canonicalEntry(part.entry, part.sql) + surroundings(part));
    tables.add(part.entry.type, part.sql);
  }
  return { definitions: digests(texts), tables: tables.withRoots() };
}

/** Reads what `pg_dumpall --globals-only` prints, and statements of the same kind. */
export function digestGlobals(script: string): StatementDigests {
  const texts = new Map<string, string[]>();
  for (const statement of splitStatements(script)) {
    const title = titleOfGlobal(statement);
    if (title !== undefined) add(texts, title, statement);
  }
  return digests(texts);
}

const quoted = '("(?:[^"]|"")*"|[^\\s;]+)';
const globals: readonly [RegExp, (name: string, more: string) => string][] = [
  [new RegExp(`^CREATE ROLE ${quoted};`), (role) => `ROLE ${role}`],
  [new RegExp(`^ALTER ROLE ${quoted} WITH `), (role) => `ROLE ${role}`],
  [new RegExp(`^ALTER ROLE ${quoted} (?:IN DATABASE .* )?SET (.+?) TO `), (role, name) => `ROLE ${role} SET ${name}`],
  [new RegExp(`^COMMENT ON ROLE ${quoted} IS`), (role) => `COMMENT ON ROLE ${role}`],
  [new RegExp(`^GRANT ${quoted} TO ${quoted}`), (role, member) => `MEMBERSHIP OF ${member} IN ${role}`],
  [new RegExp(`^(?:GRANT|REVOKE) .* ON PARAMETER ${quoted} `), (name) => `PARAMETER ${name}`],
  [new RegExp(`^(?:CREATE|ALTER) TABLESPACE ${quoted} `), (name) => `TABLESPACE ${name}`],
  [new RegExp(`^(?:GRANT|REVOKE) .* ON TABLESPACE ${quoted} `), (name) => `TABLESPACE ${name}`],
  [new RegExp(`^COMMENT ON TABLESPACE ${quoted} `), (name) => `TABLESPACE ${name}`],
  [
    new RegExp(`^SECURITY LABEL .* ON (ROLE|TABLESPACE) ${quoted} `),
    (kind, name) => `SECURITY LABEL ON ${kind} ${name}`,
  ],
];

/** The object of a statement; `undefined` for the settings of the session. What is not known has its first words. */
function titleOfGlobal(statement: string): string | undefined {
  if (/^(?:SET|SELECT) /.test(statement)) return undefined;
  for (const [pattern, title] of globals) {
    const match = pattern.exec(statement);
    if (match) return title(match[1] ?? '', match[2] ?? '');
  }
  return statement.split(/\s+/, 3).join(' ');
}

/** In which tablespace something is and by which method a table is stored is said by settings in front of it. */
function surroundings({ entry, sql, settings }: { entry: ArchiveEntry; sql: string; settings: string }): string {
  const inTablespace = ['TABLE', 'MATERIALIZED VIEW', 'INDEX', 'CONSTRAINT'].includes(entry.type);
  const byMethod = ['TABLE', 'MATERIALIZED VIEW'].includes(entry.type) && !/\nPARTITION BY /.test(sql);
  const needed = settings
    .split('\n')
    .filter(
      (line) => (inTablespace && /default_tablespace = (?!'')/.test(line)) || (byMethod && /access_method/.test(line)),
    );
  return needed.map((line) => `\n${line}`).join('');
}

/**
 * What a dump prints for an object, so that it is the same for the same object. The order of a table's columns is not
 * kept by the restore of a table that inherits, nor is that of what is said of each column after it; and the order of
 * grants has no meaning.
 */
function canonicalEntry({ type }: ArchiveEntry, sql: string): string {
  const text = canonicalDefinition(sql);
  if (type === 'TABLE' || type === 'FOREIGN TABLE') {
    return splitStatements(text).map(withSortedColumns).sort().join('\n');
  }
  if (type === 'ACL' || type === 'DEFAULT ACL' || type === 'DATABASE PROPERTIES') {
    return splitStatements(text).sort().join('\n');
  }
  return text;
}

function withSortedColumns(statement: string): string {
  if (!/^CREATE (?:UNLOGGED |FOREIGN )?TABLE /.test(statement)) return statement;
  const tokens = sqlTokens(statement);
  const open = tokens.indexOf('(');
  const close = open === -1 ? undefined : closingBracket(tokens, open);
  if (close === undefined) return statement;
  const columns = atCommas(tokens.slice(open + 1, close)).map((column) => column.join('').trim());
  return [...tokens.slice(0, open + 1), columns.sort().join(',\n'), ...tokens.slice(close)].join('');
}

function add(texts: Map<string, string[]>, title: string, text: string): void {
  const known = texts.get(title);
  if (known) known.push(text);
  else texts.set(title, [text]);
}

function digests(texts: ReadonlyMap<string, readonly string[]>): StatementDigests {
  return Object.fromEntries(
    [...texts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([title, each]) => [title, digest(each)]),
  );
}

function digest(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts.toSorted())).digest('hex').slice(0, 32);
}
