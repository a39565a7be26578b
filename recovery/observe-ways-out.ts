import type { Client } from 'pg';
import type { WayOut } from '../domain/ways-out.ts';
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
 * Every way by which the database of `client` reaches others: foreign servers and their users, programs behind foreign
 * tables, subscriptions, functions and triggers that call out, scheduled jobs, settings of the server. Sorted. Needs a
 * superuser's client; nothing that is listed is called.
 */
export async function observeWaysOut(client: Client): Promise<WayOut[]> {
  const ways: WayOut[] = [];
  for (const query of [servers, mappings, programs, subscriptions, settings, ownSettings]) {
    ways.push(...(await client.query<WayOut>(query)).rows);
  }
  ways.push(...(await jobs(client)), ...(await callers(client)));
  return ways.sort((a, b) => `${a.kind} ${a.name}`.localeCompare(`${b.kind} ${b.name}`, 'en'));
}

/** A server is closed when it names no place: no option at all, or the one that closing it leaves. */
const servers = `
  SELECT 'foreign-server' AS kind, format('server %I (%I)', s.srvname, w.fdwname) AS name,
    CASE WHEN s.srvoptions IS NULL OR s.srvoptions = ARRAY['host=${closedHost}'] THEN 'closed' ELSE 'when-used' END AS state
  FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw`;

const mappings = `
  SELECT 'user-mapping' AS kind, format('user mapping of %s on %I',
      CASE WHEN m.umuser = 0 THEN 'PUBLIC' ELSE format('%I', pg_get_userbyid(m.umuser)) END, s.srvname) AS name,
    'when-used' AS state
  FROM pg_catalog.pg_user_mapping m JOIN pg_catalog.pg_foreign_server s ON s.oid = m.umserver`;

const programs = `
  SELECT 'foreign-program' AS kind, format('program of foreign table %s', t.ftrelid::regclass) AS name,
    'when-used' AS state
  FROM pg_catalog.pg_foreign_table t
  WHERE EXISTS (SELECT FROM unnest(t.ftoptions) AS o WHERE o LIKE 'program=%')`;

const subscriptions = `
  SELECT 'subscription' AS kind, format('subscription %I', s.subname) AS name,
    CASE WHEN s.subenabled THEN 'by-itself' ELSE 'when-used' END AS state
  FROM pg_catalog.pg_subscription s
  WHERE s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())`;

/** Settings by which a server sends its log, its log's archive or its passwords somewhere, or follows another one. */
const settings = `
  SELECT 'setting' AS kind, 'setting ' || name AS name, 'by-itself' AS state FROM pg_catalog.pg_settings
  WHERE name IN ('archive_command', 'archive_library', 'archive_cleanup_command', 'primary_conninfo', 'restore_command',
    'recovery_end_command', 'ssl_passphrase_command') AND setting NOT IN ('', '(disabled)')`;

const ownSettings = `
  SELECT 'setting' AS kind, concat_ws(' ', 'setting', setting, 'of', coalesce('role ' || quote_ident(role), 'every role'),
    CASE WHEN in_database THEN 'in this database' END) AS name, 'when-used' AS state
  FROM (${addressedSettings}) AS own`;

async function jobs(client: Client): Promise<WayOut[]> {
  const ways: WayOut[] = [];
  const { rows: loaded } = await client.query<{ libraries: string; launches: string | null }>(
    `SELECT current_setting('shared_preload_libraries') AS libraries,
      current_setting('cron.launch_active_jobs', true) AS launches`,
  );
  const { libraries = '', launches = null } = loaded[0] ?? {};
  for (const { table, active, name, library } of schedulers) {
    if (!(await exists(client, table))) continue;
    const { rows } = await client.query<{ name: string; active: boolean }>(
      `SELECT ${name} AS name, ${active} AS active FROM ${table} ORDER BY 1`,
    );
    const runs = library !== '' && libraries.includes(library) && launches !== 'off';
    for (const job of rows) {
      const state = !job.active ? 'closed' : runs ? 'by-itself' : 'when-used';
      ways.push({ kind: 'job', name: `job ${job.name} of ${table}`, state });
    }
  }
  return ways;
}

async function callers(client: Client): Promise<WayOut[]> {
  const { functions } = await findCallers(client);
  const { rows: open } = await client.query<{ open: boolean }>(openEnds, [closedMark]);
  // What they would call is closed, in a copy.
  const state = open[0]?.open === false ? 'closed' : 'when-used';
  const ways = [...functions.values()].map((name): WayOut => ({ kind: 'function', name: `function ${name}`, state }));
  const numbers = [...functions.keys()].map((id) => id.slice(1));
  const { rows } = await client.query<{ name: string; enabled: boolean }>(triggersOf, [numbers]);
  for (const { name, enabled } of rows) ways.push({ kind: 'trigger', name, state: enabled ? 'when-used' : 'closed' });
  return ways;
}

/** Whether anything is left that a function could go out by: a server, a program, an extension's function not closed. */
const openEnds = `
  SELECT EXISTS (SELECT FROM (${servers}) AS s WHERE s.state <> 'closed') OR EXISTS (SELECT FROM (${programs}) AS p)
    OR EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE ${startsProgram('p')}
      OR (position($1 IN p.prosrc) = 0 AND ${ofOutgoingExtension('p')})) AS open`;

const triggersOf = `
  SELECT format('trigger %I on %s', t.tgname, t.tgrelid::regclass) AS name, t.tgenabled <> 'D' AS enabled
  FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal AND t.tgfoid = ANY ($1::oid[])
  UNION ALL
  SELECT format('event trigger %I', e.evtname), e.evtenabled <> 'D'
  FROM pg_catalog.pg_event_trigger e WHERE e.evtfoid = ANY ($1::oid[])`;
