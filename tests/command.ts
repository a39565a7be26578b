import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../harness/project.ts';
import { execa, type RunningProgram } from '../programs/execa.ts';

const command = join(projectFolder, 'bin', 'firedrill.ts');
const compiled = join(projectFolder, 'node_modules', '.cache', 'firedrill');
/** What its first line gives to Node. */
const [, flags = ''] = /^#!.*? node (.*)$/m.exec(readFileSync(command, 'utf8')) ?? [];

/** The command as a user runs it, on the Node of this process; output in lines, never rejecting. */
export function firedrillCommand(args: readonly string[], environment: Record<string, string>): RunningProgram {
  return execa(process.execPath, [...flags.split(' '), command, ...args], {
    cwd: projectFolder,
    env: { ...userEnvironment(), ...environment },
    extendEnv: false,
    all: true,
    reject: false,
  });
}

/**
 * The environment without the variables of a surrounding test run: they would make the command believe that it is a worker of
 * it. With the folder that the command keeps its compiled modules in, so that its first file is found there too.
 */
export function userEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name));
  return { NODE_COMPILE_CACHE: compiled, ...Object.fromEntries(kept) };
}
