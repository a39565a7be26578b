import type { Client } from 'pg';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import { findCallers } from './find-callers.ts';
import {
  addressedSettings,
  closedHost,
  closedMark,
  exists,
  ofOutgoingExtension,
  schedulers,
  startsProgram,
} from './outgoing.ts';

/**
 * Closes what would lead out of a copy before anything in it runs: options of foreign servers, programs, functions that
 * go out. User mappings and subscriptions are not restored into a copy at all.
 */
export async function closeEnds(client: Client): Promise<void> {
  const { rows: servers } = await client.query<ServerRow>(serversQuery);
  for (const server of servers) await closeServer(client, server);
  const { rows: programs } = await client.query<{ name: string }>(programsQuery);
  for (const { name } of programs) {
    await client.query(`ALTER FOREIGN TABLE ${name} OPTIONS (DROP program, ADD filename '${closedHost}')`);
  }
  const { rows: functions } = await client.query<{ sql: string }>(functionsQuery);
  for (const { sql } of functions) await client.query(sql);
}

/** Switches off what would go out by itself or by a write: jobs, triggers, settings. The last thing that is done. */
export async function closeWaysOut(client: Client): Promise<void> {
  for (const { table, active } of schedulers) {
    if (await exists(client, table)) await client.query(`UPDATE ${table} SET ${active} = false WHERE ${active}`);
  }
  const { functions } = await findCallers(client);
  const { rows: triggers } = await client.query<{ sql: string }>(triggersQuery, [
    [...functions.keys()].map((id) => id.slice(1)),
  ]);
  for (const { sql } of triggers) await client.query(sql);
  const { rows: settings } = await client.query<SettingRow>(addressedSettings);
  for (const { in_database, role, setting } of settings) {
    const { rows } = await client.query<{ sql: string }>(
      `SELECT CASE WHEN $2::text IS NULL AND $1 THEN format('ALTER DATABASE %I RESET %s', current_database(), $3::text)
        ELSE format('ALTER ROLE %s %s RESET %s', CASE WHEN $2 IS NULL THEN 'ALL' ELSE quote_ident($2) END,
          CASE WHEN $1 THEN format('IN DATABASE %I', current_database()) END, $3) END AS sql`,
      [in_database, role, settingName(setting)],
    );
    await client.query(rows[0]?.sql ?? '');
  }
}

interface SettingRow {
  in_database: boolean;
  role: string | null;
  setting: string;
}

/** A name of several parts is quoted part by part. */
function settingName(setting: string): string {
  return setting
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');
}

interface ServerRow {
  name: string;
  options: string[];
}

async function closeServer(client: Client, { name, options }: ServerRow): Promise<void> {
  const drops = options.filter((option) => option !== 'host').map((option) => `DROP ${option}`);
  const host = options.includes('host') ? 'SET' : 'ADD';
  // A wrapper that knows no host takes none; then the server is left without any option.
  const attempts = [[...drops, `${host} host '${closedHost}'`], options.map((option) => `DROP ${option}`)];
  let refused: unknown;
  for (const changes of attempts) {
    if (changes.length === 0) return;
    try {
      await client.query(`ALTER SERVER ${name} OPTIONS (${changes.join(', ')})`);
      return;
    } catch (error) {
      refused = error;
    }
  }
  throw new DrillError({
    code: 'masking-failed',
    service: 'postgres',
    what: `the foreign server ${name} cannot be closed in the copy`,
    expected: 'a wrapper that lets go of its options',
    actual: messageOf(refused),
    hint: 'Take the server out of the database that is copied.',
  });
}

const serversQuery = `
  SELECT format('%I', s.srvname) AS name, ARRAY(SELECT format('%I', option_name)
    FROM pg_options_to_table(s.srvoptions)) AS options
  FROM pg_catalog.pg_foreign_server s WHERE s.srvoptions IS NOT NULL`;

const programsQuery = `
  SELECT t.ftrelid::regclass::text AS name FROM pg_catalog.pg_foreign_table t
  WHERE EXISTS (SELECT FROM unnest(t.ftoptions) AS o WHERE o LIKE 'program=%')`;

/** The functions stay, with their arguments, since views and others name them; what they did does not. */
const functionsQuery = `
  SELECT format('CREATE OR REPLACE FUNCTION %I.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', n.nspname, p.proname,
    pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
    'BEGIN RAISE EXCEPTION ''this way out is ${closedMark}''; END') AS sql
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE p.prokind = 'f' AND (${ofOutgoingExtension('p')} OR ${startsProgram('p')})`;

/** Event triggers first: the statements that switch off the others would fire them. */
const triggersQuery = `
  SELECT sql FROM (
    SELECT 1 AS turn, format('ALTER EVENT TRIGGER %I DISABLE', e.evtname) AS sql
    FROM pg_catalog.pg_event_trigger e WHERE e.evtfoid = ANY ($1::oid[])
    UNION ALL
    SELECT 2, format('ALTER TABLE %s DISABLE TRIGGER %I', t.tgrelid::regclass, t.tgname)
    FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgfoid = ANY ($1::oid[])
  ) AS statements ORDER BY turn`;
