import { join } from 'node:path';
import { execa } from '../programs/execa.ts';
import { DrillError, messageOf } from '../domain/drill-error.ts';

/**
 * What a module beside this one tells by `answer`, from a process of its own: to know what the runbooks ask for, every
 * drill is loaded with all that drills stand on, which a command that reads thousands of runs has no room for beside
 * them. A `DrillError` (`configuration`) with what that process said.
 */
export async function ask(script: 'programme.ts' | 'project.ts'): Promise<unknown> {
  const file = join(import.meta.dirname, script);
  const { exitCode, stdout, stderr } = await execa(process.execPath, [...process.execArgv, file], { reject: false });
  if (exitCode === 0) return JSON.parse(stdout);
  throw new DrillError({ code: 'configuration', what: 'the runbooks cannot be read', actual: stderr.trim() });
}

/** Tells what `load` gives to the process that asked. */
export async function answer(load: () => Promise<unknown>): Promise<void> {
  try {
    process.stdout.write(JSON.stringify(await load()));
  } catch (error) {
    process.stderr.write(messageOf(error));
    process.exitCode = 1;
  }
}
