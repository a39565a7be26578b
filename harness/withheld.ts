import { notHandedOver } from '../domain/not-done.ts';
import type { Finding } from '../domain/finding.ts';
import type { DrillRecord } from '../domain/record.ts';
import { isRed } from '../domain/verdict.ts';
import type { DrillDefinition } from './definition.ts';
import type { RunStep } from './step-runner.ts';

/** Checks of latency alone: what comes after them does not rest on it. */
const ofLatency: ReadonlySet<string> = new Set(['smoke.latency', 'smoke.sustained', 'steady-state.smoke.latency']);

/** Whether a finding says that the system is not recovered, so that what builds on it is not to be done. */
export function hidesWhatFollows({ check, verdict }: Finding): boolean {
  return isRed(verdict) && !ofLatency.has(check);
}

/**
 * Why a step of the hand-over is not done: what is red is not recovered, and nobody is to get a copy of it. `undefined`
 * for every other step, and as long as nothing is red.
 */
export function whyWithheld(
  { handOver }: Pick<DrillDefinition, 'handOver'>,
  { findings }: Pick<DrillRecord, 'findings'>,
  { step }: Pick<RunStep, 'step'>,
): string | undefined {
  const red = findings.find(hidesWhatFollows);
  const isHandOver = step !== undefined && handOver.includes(step);
  return isHandOver && red ? `${notHandedOver}: ${red.check} is red` : undefined;
}
