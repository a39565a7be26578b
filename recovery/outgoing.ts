import type { Client } from 'pg';

/** Extensions whose functions reach other servers. Foreign data wrappers are found by their servers. */
const outgoingExtensions = `('dblink', 'http', 'pg_net', 'aws_s3', 'aws_lambda', 'amqp', 'plproxy')`;

/** A folder of sockets that is none: whoever connects there is refused by his own machine, and no name is looked up. */
export const closedHost = '/nonexistent';

/** Stands in the body of a function that was closed. */
export const closedMark = 'closed in this copy';

/** SQL: the function is one of an extension that goes out, and can be called. */
export function ofOutgoingExtension(procedure: string): string {
  return `(${procedure}.prokind = 'f' AND ${procedure}.proname !~ '_validator$'
    AND ${procedure}.prorettype NOT IN ('internal'::regtype, 'language_handler'::regtype, 'fdw_handler'::regtype)
    AND NOT 'internal'::regtype = ANY (${procedure}.proargtypes)
    AND EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
      WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = ${procedure}.oid AND d.deptype = 'e'
        AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND e.extname IN ${outgoingExtensions}))`;
}

/** SQL: the body of the function starts a program of the machine. Numbers below 16384 are the server's own functions. */
export function startsProgram(procedure: string): string {
  return `(${procedure}.oid >= 16384 AND ${procedure}.prosrc ~* '\\mCOPY\\M[^;]*\\mPROGRAM\\M')`;
}

/** Tables of schedulers, with the column that says whether a job is on. pg_cron runs inside the server, the others beside. */
export const schedulers = [
  { table: 'cron.job', active: 'active', name: 'jobid::text', library: 'pg_cron' },
  { table: 'pgagent.pga_job', active: 'jobenabled', name: 'jobname', library: '' },
  { table: 'timetable.chain', active: 'live', name: 'chain_name', library: '' },
] as const;

/** SQL: settings of roles and of the database that hold an address or a secret, for functions and applications to use. */
export const addressedSettings = `
  SELECT s.setdatabase <> 0 AS in_database, r.rolname AS role, split_part(entry, '=', 1) AS setting
  FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
  CROSS JOIN unnest(s.setconfig) AS entry
  WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
    AND (entry ~ '://|(^|[ =])(host|hostaddr|password)=' OR split_part(entry, '=', 1) ~* '(secret|passw|token|api.?key)')`;

/** Whether a table is there. */
export async function exists(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
  return rows[0]?.there === true;
}
