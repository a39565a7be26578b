import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningProgram } from '../programs/execa.ts';
import { afterAll } from 'vitest';
import { isHeldUpFinding } from '../checks/own-delay.ts';
import { outcomeOf } from '../domain/control-outcome.ts';
import type { Finding } from '../domain/finding.ts';
import type { DrillRecord } from '../domain/record.ts';
import { isRed } from '../domain/verdict.ts';
import { parseRecord } from '../reports/parse-record.ts';
import { firedrillCommand } from './command.ts';

/** The ledger of the runs of a test file: they are none of the project's. */
export const testLedger = join(tmpdir(), `firedrill-ledger-test-${process.pid}`);
afterAll(() => rm(testLedger, { recursive: true, force: true }));

/** The command as a user runs it, with the ledger of these tests. */
export function firedrill(args: readonly string[], environment: Record<string, string> = {}): RunningProgram {
  return firedrillCommand(args, { FIREDRILL_LEDGER: testLedger, ...environment });
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

/** What is red for another reason than that the machine was too busy to judge it: the list of sabotages holds under load. */
export function redFindings({ findings }: Pick<DrillRecord, 'findings'>): Finding[] {
  return findings.filter((finding) => isRed(finding.verdict) && !isHidden(finding));
}

/** Whether a finding is open only because the machine was too busy: for itself, or for the controls. */
function isHidden(finding: Finding): boolean {
  return isHeldUpFinding(finding) || (finding.check === 'controls' && finding.verdict === 'inconclusive');
}

/** How a run ends in which nothing is red, or nothing but what the machine was too busy to judge. */
export function greenEnd(record: Pick<DrillRecord, 'findings'>): { exitCode: number; verdict: string } {
  return isBusy(record) ? { exitCode: 2, verdict: 'inconclusive' } : { exitCode: 0, verdict: 'pass' };
}

/** Names of the controls that were not caught; of those that a busy machine left open, none. */
export function uncaught({ findings, controls }: Pick<DrillRecord, 'findings' | 'controls'>): string[] {
  const accepted = isBusy({ findings }) ? ['caught', 'inconclusive'] : ['caught'];
  return controls.filter((control) => !accepted.includes(outcomeOf(control))).map(({ name }) => name);
}

function isBusy({ findings }: Pick<DrillRecord, 'findings'>): boolean {
  return findings.some(isHidden);
}
