import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, type ResultPromise } from 'execa';
import { afterAll } from 'vitest';
import type { DrillRecord } from '../domain/record.ts';
import { parseRecord } from '../reports/parse-record.ts';
import { projectFolder } from '../harness/project.ts';

/** The ledger of the runs of a test file: they are none of the project's. */
const testLedger = join(tmpdir(), `firedrill-ledger-test-${process.pid}`);
afterAll(() => rm(testLedger, { recursive: true, force: true }));

interface CommandOptions {
  cwd: string;
  env: Record<string, string | undefined>;
  extendEnv: false;
  all: true;
  reject: false;
}

const command = join(projectFolder, 'bin', 'firedrill.ts');
/** What its first line gives to Node. */
const [, flags = ''] = /^#!.*? node (.*)$/m.exec(readFileSync(command, 'utf8')) ?? [];

/** The command as a user runs it, on the Node of this process; output in lines, never rejecting. */
export function firedrill(
  args: readonly string[],
  environment: Record<string, string> = {},
): ResultPromise<CommandOptions> {
  // The variables of the surrounding test run would make the command believe that it is a worker of it.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name)),
  );
  const options: CommandOptions = {
    cwd: projectFolder,
    env: { ...env, FIREDRILL_LEDGER: testLedger, ...environment },
    extendEnv: false,
    all: true,
    reject: false,
  };
  return execa(process.execPath, [...flags.split(' '), command, ...args], options);
}

/** A folder for the reports of a test, removed when the test is done with it. */
export async function reportFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'firedrill-report-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The record that a run has left in a folder. */
export async function recordIn(folder: string): Promise<DrillRecord> {
  const file = join(folder, 'drill.json');
  return parseRecord(await readFile(file, 'utf8'), file);
}
