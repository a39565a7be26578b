import type { Client } from 'pg';
import { restoreError } from './restore-session.ts';
import { SqlScanner } from './sql-scanner.ts';

export interface RestoreRolesOptions {
  /** `without-passwords`: nobody can log in by a password of the backup. */
  roles: 'all' | 'without-passwords';
}

/**
 * Executes the script of `pg_dumpall --roles-only` in one transaction. A role that exists already is not created again
 * but gets the attributes of the backup. The superuser that the target's initdb made keeps its own attributes, since its
 * password is the one that this run connects with, and gets the settings of the backup.
 */
export async function restoreRoles(client: Client, script: string, { roles }: RestoreRolesOptions): Promise<void> {
  const { rows: own } = await client.query<{ name: string }>(
    'SELECT rolname AS name FROM pg_catalog.pg_roles WHERE oid = 10',
  );
  const { rows: all } = await client.query<{ name: string }>('SELECT rolname AS name FROM pg_catalog.pg_roles');
  const existing = new Set(all.map(({ name }) => name));
  await client.query('BEGIN');
  for (const statement of splitStatements(script)) {
    const { verb, role } = describe(statement);
    if (verb === 'CREATE ROLE' && existing.has(role)) continue;
    if (verb === 'ALTER ROLE' && role === own[0]?.name && !isSetting(statement)) continue;
    const sql = verb === 'ALTER ROLE' && roles === 'without-passwords' ? withoutPassword(statement) : statement;
    try {
      await client.query(sql);
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw restoreError(`${verb} ${role}`.trim(), withoutQuery(error));
    }
  }
  await client.query('COMMIT');
}

/** The statements of a script, without comments and psql's own commands. */
export function splitStatements(script: string): string[] {
  const scanner = new SqlScanner();
  const statements: string[] = [];
  let lines: string[] = [];
  for (const line of script.split('\n')) {
    if (scanner.atTop && lines.length === 0 && (line === '' || line.startsWith('--') || line.startsWith('\\')))
      continue;
    scanner.push(line);
    lines.push(line);
    if (!scanner.atTop || !line.endsWith(';')) continue;
    statements.push(lines.join('\n'));
    lines = [];
  }
  if (lines.length > 0) statements.push(lines.join('\n'));
  return statements;
}

/** `PASSWORD 'md5…'` or `'SCRAM-SHA-256$…'`, as pg_dumpall writes it among the attributes. */
function withoutPassword(statement: string): string {
  return statement.replace(/^(ALTER ROLE (?:"(?:[^"]|"")*"|\S+) WITH [^']*) PASSWORD E?'(?:[^']|'')*'/, '$1');
}

function isSetting(statement: string): boolean {
  return /^ALTER ROLE (?:"(?:[^"]|"")*"|\S+) SET /.test(statement);
}

/** First words of a statement and the role it is about, for decisions and messages; never the rest. */
function describe(statement: string): { verb: string; role: string } {
  const match =
    /^(CREATE ROLE|ALTER ROLE|GRANT|COMMENT ON ROLE|SET|SELECT|SECURITY LABEL)\b\s*("(?:[^"]|"")*"|[^\s;]+)?/.exec(
      statement,
    );
  const name = match?.[2] ?? '';
  const role = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
  return { verb: match?.[1] ?? 'statement', role };
}

/** The server's error without what quotes the statement, which may hold a password. */
function withoutQuery(error: unknown): unknown {
  return error instanceof Error ? new Error(error.message) : error;
}
