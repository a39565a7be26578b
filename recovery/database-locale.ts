import type { Client } from 'pg';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { DatabaseLocale } from '../domain/recovery.ts';
import type { PostgresServer } from '../domain/service.ts';
import { withPostgres } from '../stack/clients.ts';

const providers: Readonly<Record<string, DatabaseLocale['provider']>> = { c: 'libc', i: 'icu', b: 'builtin' };

/** By what the database stores and sorts text. Columns that only some versions have are read by their names. */
export async function observeLocale(client: Client): Promise<DatabaseLocale> {
  const { rows } = await client.query<Record<'encoding' | 'collate' | 'ctype' | 'provider', string> & Optional>(`
    SELECT pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate, d.datctype AS ctype,
      coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') AS provider,
      coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS locale, to_jsonb(d) ->> 'daticurules' AS rules
    FROM pg_catalog.pg_database d WHERE d.datname = current_database()`);
  const [row] = rows;
  if (!row) throw new DrillError({ code: 'internal', what: 'the database is not in its own catalogue' });
  const { encoding, collate, ctype, provider, locale, rules } = row;
  return {
    encoding,
    collate,
    ctype,
    provider: providers[provider] ?? 'libc',
    ...(locale !== null && { locale }),
    ...(rules !== null && { rules }),
  };
}

interface Optional {
  locale: string | null;
  rules: string | null;
}

/**
 * Makes the empty database anew with the encoding and the locale of the backup, where it has others: by them text is
 * sorted, rows are put into their partitions, and a byte means a letter. Throws `restore-failed` when the server cannot
 * have such a database; then it is an empty one as before.
 */
export async function makeLocaleOf(target: PostgresServer, wanted: DatabaseLocale): Promise<void> {
  const { connection } = target;
  const present = await withPostgres(connection, (client) => observeLocale(client));
  if (describeLocale(present) === describeLocale(wanted)) return;
  const maintenance = connection.database === 'postgres' ? 'template1' : 'postgres';
  await withPostgres({ ...connection, database: maintenance }, async (client) => {
    const name = client.escapeIdentifier(connection.database);
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    try {
      await client.query(`CREATE DATABASE ${name} TEMPLATE template0 ${optionsOf(client, wanted)}`);
    } catch (error) {
      await client.query(`CREATE DATABASE ${name}`);
      throw new DrillError({
        code: 'restore-failed',
        service: 'postgres',
        what: 'the server cannot have a database with the locale of the backup',
        expected: describeLocale(wanted),
        actual: messageOf(error),
        where: `database ${connection.database} at ${connection.host}:${connection.port}`,
        hint: 'Install the locale on the machine of the server, or a PostgreSQL that was built with its provider.',
        cause: error,
      });
    }
  });
}

/** E.g. `UTF8, icu en-US (collate C.UTF-8, ctype C.UTF-8)`. */
function describeLocale({ encoding, collate, ctype, provider, locale, rules }: DatabaseLocale): string {
  const name = [provider, locale].filter((part) => part !== undefined).join(' ');
  return `${encoding}, ${name} (collate ${collate}, ctype ${ctype}${rules === undefined ? '' : `, rules ${rules}`})`;
}

function optionsOf(client: Client, { encoding, collate, ctype, provider, locale, rules }: DatabaseLocale): string {
  const text = (value: string): string => client.escapeLiteral(value);
  const options = [`ENCODING ${text(encoding)}`, `LC_COLLATE ${text(collate)}`, `LC_CTYPE ${text(ctype)}`];
  if (provider !== 'libc') options.push(`LOCALE_PROVIDER ${provider}`);
  if (locale !== undefined) options.push(`${provider === 'builtin' ? 'BUILTIN_LOCALE' : 'ICU_LOCALE'} ${text(locale)}`);
  if (rules !== undefined) options.push(`ICU_RULES ${text(rules)}`);
  return options.join(' ');
}
