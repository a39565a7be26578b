/**
 * What every session of ours says for itself when it begins: what `ALTER DATABASE … SET` and `ALTER ROLE … SET` make
 * of a session is for applications. A time limit would cut a backup off, a read-only default would refuse a restore, and
 * another search path or way to write a date would change what is read. Only settings that anybody may set, and that
 * every version from 14 on knows.
 */
const sessionSettings: Readonly<Record<string, string>> = {
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  default_transaction_read_only: 'off',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  role: 'none',
  search_path: '"$user", public',
  row_security: 'on',
  quote_all_identifiers: 'off',
  standard_conforming_strings: 'on',
  backslash_quote: 'safe_encoding',
  array_nulls: 'on',
  transform_null_equals: 'off',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: '1',
  bytea_output: 'hex',
  xmloption: 'content',
  lc_numeric: 'C',
  lc_monetary: 'C',
  lc_time: 'C',
  default_tablespace: '',
  temp_tablespaces: '',
  default_table_access_method: 'heap',
  check_function_bodies: 'on',
};

/** The settings as options of a connection, for `pg` and for PGOPTIONS. */
export const sessionOptions = Object.entries(sessionSettings)
  .map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/g, String.raw`\$&`)}`)
  .join(' ');
