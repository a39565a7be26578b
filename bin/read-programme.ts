import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { DrillError } from '../domain/drill-error.ts';
import type { PlannedDrill } from '../quarterly/inputs.ts';

/**
 * What `loadProgramme` gives, from a process of its own: it takes every drill with all that drills stand on, which a
 * command that reads thousands of runs has no room for beside them. A `DrillError` (`configuration`) with what that
 * process said.
 */
export async function readProgramme(): Promise<PlannedDrill[]> {
  const script = fileURLToPath(new URL('programme.ts', import.meta.url));
  const { exitCode, stdout, stderr } = await execa(process.execPath, [...process.execArgv, script], { reject: false });
  if (exitCode === 0) return JSON.parse(stdout) as PlannedDrill[];
  throw new DrillError({ code: 'configuration', what: 'the runbooks cannot be read', actual: stderr.trim() });
}
