import type { Client } from 'pg';

/**
 * The settings of every role (`ALTER ROLE ALL SET`) as statements. `pg_dumpall` leaves them out, and they belong to no
 * database that `pg_dump` could print them with.
 */
export async function everyRoleSettings(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string; value: string }>(`
    SELECT split_part(setting, '=', 1) AS name, substr(setting, strpos(setting, '=') + 1) AS value
    FROM pg_catalog.pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS setting
    WHERE s.setdatabase = 0 AND s.setrole = 0 ORDER BY 1`);
  return rows
    .map(({ name, value }) => `ALTER ROLE ALL SET ${quotedName(client, name)} TO ${valueOf(client, name, value)};\n`)
    .join('');
}

/** Settings that are lists of names, each with its own quotes (`GUC_LIST_QUOTE` in the sources of PostgreSQL). */
const lists = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
]);

function valueOf(client: Client, name: string, value: string): string {
  if (!lists.has(name.toLowerCase())) return client.escapeLiteral(value);
  return splitNames(value)
    .map((each) => client.escapeLiteral(each))
    .join(', ');
}

/** The names of a list such as `"$user", public`; of an empty one the empty name, which is what it is set by. */
export function splitNames(list: string): string[] {
  const names = [...list.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^",\s]+))\s*(?:,|$)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  );
  return names.length === 0 ? [''] : names;
}

/** The name of a setting, which may be one of an extension: `extension.name`. */
function quotedName(client: Client, name: string): string {
  return name
    .split('.')
    .map((part) => client.escapeIdentifier(part))
    .join('.');
}
