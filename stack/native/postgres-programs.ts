import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { DrillError } from '../../domain/drill-error.ts';
import { isProgram, pathFolders, versionedFolders } from './find-program.ts';
import { inProgramEnvironment } from '../program-environment.ts';

/** An installation of PostgreSQL on this machine: server and tools of one version in one folder. */
export interface PostgresPrograms {
  folder: string;
  /** E.g. `15.14`. */
  version: string;
}

const needed = ['postgres', 'initdb', 'pg_dump', 'pg_dumpall', 'pg_restore', 'psql'];

export const installPostgres =
  'Install PostgreSQL (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; macOS: brew install postgresql@17), or set FIREDRILL_POSTGRES_BIN to the folder of its programs.';

/**
 * Looks for PostgreSQL: FIREDRILL_POSTGRES_BIN (then nowhere else), PATH, the folders of Debian and of the PostgreSQL
 * packages, Homebrew; the newest of a place. Says what is missing where there is none.
 */
export async function findPostgresPrograms(): Promise<PostgresPrograms | { missing: string }> {
  const configured = process.env['FIREDRILL_POSTGRES_BIN'];
  if (configured !== undefined && configured !== '') return fromConfigured(configured);
  for (const folder of await usualFolders()) {
    const programs = await readPrograms(folder);
    if ('version' in programs) return programs;
  }
  return { missing: `PostgreSQL is not installed: no folder has ${needed.join(', ')}` };
}

/** As `findPostgresPrograms`, but throws a `DrillError` (`engine-missing`) that says what to install. */
export async function requirePostgresPrograms(): Promise<PostgresPrograms> {
  const found = await findPostgresPrograms();
  if ('version' in found) return found;
  throw new DrillError({ code: 'engine-missing', service: 'postgres', what: found.missing, hint: installPostgres });
}

async function fromConfigured(path: string): Promise<PostgresPrograms | { missing: string }> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  const programs = await readPrograms(isFile ? dirname(path) : path);
  return 'version' in programs ? programs : { missing: `FIREDRILL_POSTGRES_BIN: ${programs.missing}` };
}

async function usualFolders(): Promise<string[]> {
  const parents = await Promise.all([
    versionedFolders('/usr/lib/postgresql', /^\d+$/),
    versionedFolders('/usr', /^pgsql-\d+$/),
    versionedFolders('/opt/homebrew/opt', /^postgresql(@\d+)?$/),
    versionedFolders('/usr/local/opt', /^postgresql(@\d+)?$/),
  ]);
  return [...pathFolders(), ...parents.flat().map((parent) => join(parent, 'bin'))];
}

async function readPrograms(folder: string): Promise<PostgresPrograms | { missing: string }> {
  const absent: string[] = [];
  for (const name of needed) if (!(await isProgram(join(folder, name)))) absent.push(name);
  if (absent.length === needed.length) return { missing: `${folder} has none of the programs of PostgreSQL` };
  if (absent.length > 0) return { missing: `${folder} lacks ${absent.join(', ')}` };
  const { stdout, failed } = await execa(join(folder, 'postgres'), ['--version'], {
    ...inProgramEnvironment(),
    reject: false,
  });
  const version = /PostgreSQL\)\s+(\S+)/.exec(stdout ?? '')?.[1];
  if (failed || version === undefined) return { missing: `${join(folder, 'postgres')} does not run on this machine` };
  return { folder, version };
}
