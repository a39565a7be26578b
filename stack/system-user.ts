import { chown, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { execa } from '../programs/execa.ts';
import { DrillError } from '../domain/drill-error.ts';
import { inProgramEnvironment } from './program-environment.ts';

/** A user of this machine that a process is started as. */
export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

/**
 * The user that a server runs as which refuses to run as root: `postgres`, where there is none `nobody`. `undefined`
 * when this process is not root: then the server runs as the same user.
 */
export async function unprivilegedUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const user = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (user !== undefined) return user;
  throw new DrillError({
    code: 'configuration',
    service: 'postgres',
    what: 'PostgreSQL cannot be started as root',
    expected: 'a user "postgres" or "nobody" to run it as',
    actual: 'this machine has neither',
    hint: 'Create one (useradd --system postgres), or run this command as an ordinary user.',
  });
}

/** Makes a folder that only its owner can use (0700); the owner is `user`, or who runs this. */
export async function makeOwnFolder(folder: string, user?: SystemUser): Promise<string> {
  await mkdir(folder, { mode: 0o700 });
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  return folder;
}

/** Throws a `DrillError` that names the folder on the way to `folder` which `user` may not pass. */
export async function assertReachable(folder: string, user: SystemUser | undefined): Promise<void> {
  if (user === undefined) return;
  for (let parent = folder; ; parent = dirname(parent)) {
    const { mode, uid, gid } = await stat(parent);
    const pass = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & pass) === 0) {
      throw new DrillError({
        code: 'configuration',
        what: `user "${user.name}" cannot reach the folder of the run`,
        expected: 'folders that it may pass',
        actual: `${parent} is closed to it`,
        where: folder,
        hint: 'Set TMPDIR to a folder that every user may pass, such as /tmp.',
      });
    }
    if (parent === dirname(parent)) return;
  }
}

async function lookUp(name: string): Promise<SystemUser | undefined> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map((flag) => execa('id', [flag, name], { ...inProgramEnvironment(), reject: false })),
  );
  if (uid === undefined || gid === undefined || uid.failed || gid.failed) return undefined;
  return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
