import { randomBytes } from 'node:crypto';
import { chown, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from '../../programs/execa.ts';
import { DrillError } from '../../domain/drill-error.ts';
import { lastLines } from '../log-tail.ts';
import { childEnvironment, couldNotRun, userOptions } from '../marks/spawn.ts';
import type { RunContext } from '../run-context.ts';
import type { SystemUser } from '../system-user.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { inProgramEnvironment } from '../program-environment.ts';

/** The data folder of a server and what is needed to start and reach it. */
export interface PostgresCluster {
  programs: PostgresPrograms;
  /** `undefined` when it runs as the user of this process. */
  user: SystemUser | undefined;
  /** Folder of the instance; the data folder is in it. */
  folder: string;
  dataFolder: string;
  /** Absent where the path of a socket in it would be too long for the system: then tools use TCP. */
  socketFolder: string | undefined;
  port: number;
  superuser: string;
  password: string;
}

/** Longest path of a Unix socket on macOS (104 bytes with its end, unix(4)); Linux allows 108 (unix(7)). */
const socketPathMaxBytes = 103;

/**
 * Makes a new data folder by `initdb`: UTF-8, a locale that sorts the same on every machine, passwords (scram) asked
 * for over TCP and over the socket.
 */
export async function createCluster(
  run: RunContext,
  options: { role: string; programs: PostgresPrograms; user: SystemUser | undefined; signal: AbortSignal },
): Promise<PostgresCluster> {
  const { role, programs, user, signal } = options;
  const folder = await run.makeFolder(`postgres-${role}`, user);
  const sockets = await run.makeFolder('s', user);
  const port = await run.freePort();
  const socketPath = join(sockets, `.s.PGSQL.${port}`);
  const cluster: PostgresCluster = {
    programs,
    user,
    folder,
    dataFolder: join(folder, 'data'),
    socketFolder: Buffer.byteLength(socketPath) <= socketPathMaxBytes ? sockets : undefined,
    port,
    superuser: 'postgres',
    password: randomBytes(18).toString('base64url'),
  };
  await initialise(run, cluster, role, signal);
  return cluster;
}

async function initialise(run: RunContext, cluster: PostgresCluster, role: string, signal: AbortSignal): Promise<void> {
  const { programs, user, folder } = cluster;
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, cluster.password, { mode: 0o600 });
  if (user !== undefined) await chown(passwordFile, user.uid, user.gid);
  try {
    const file = join(programs.folder, 'initdb');
    const result = await execa(file, initArguments(cluster, passwordFile, await findLocale()), {
      // The tools of PostgreSQL up to 15 fail in a working folder that their user may not read.
      cwd: folder,
      env: childEnvironment(run, { HOME: folder }),
      extendEnv: false,
      ...userOptions(user),
      cancelSignal: signal,
      reject: false,
    });
    if (!result.failed) return;
    const what = `postgres (${role})`;
    if (signal.aborted) {
      throw new DrillError({ code: 'interrupted', service: 'postgres', what: `the start of ${what} was interrupted` });
    }
    if (result.exitCode === undefined) throw couldNotRun({ service: 'postgres', what, file, user }, result.cause);
    throw new DrillError({
      code: 'service-start',
      service: 'postgres',
      what: `${what} did not start`,
      expected: 'initdb to make its data folder',
      actual: `initdb exited with code ${result.exitCode}`,
      hint: `The end of its output:\n${lastLines(result.stderr || result.stdout, 10)}`,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function initArguments({ dataFolder, superuser }: PostgresCluster, passwordFile: string, locale: string): string[] {
  return [
    `--pgdata=${dataFolder}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    `--locale=${locale}`,
    // A crash of the machine during initdb would lose nothing that is worth waiting for the disk.
    '--no-sync',
  ];
}

/** Every system has the locale C. Most have C.UTF-8 as well: it sorts likewise and knows the letters beyond ASCII. */
async function findLocale(): Promise<string> {
  const { stdout } = await execa('locale', ['-a'], { ...inProgramEnvironment(), reject: false });
  return /^C\.utf-?8$/im.test(stdout) ? 'C.UTF-8' : 'C';
}
