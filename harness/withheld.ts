import { notHandedOver } from '../domain/not-done.ts';
import type { DrillRecord } from '../domain/record.ts';
import { isRed } from '../domain/verdict.ts';
import type { DrillDefinition } from './definition.ts';
import type { RunStep } from './step-runner.ts';

/**
 * Why a step of the hand-over is not done: what is red is not recovered, and nobody is to get a copy of it. `undefined`
 * for every other step, and as long as nothing is red.
 */
export function whyWithheld(
  { handOver }: Pick<DrillDefinition, 'handOver'>,
  { findings }: Pick<DrillRecord, 'findings'>,
  { step }: Pick<RunStep, 'step'>,
): string | undefined {
  const red = findings.find(({ verdict }) => isRed(verdict));
  const isHandOver = step !== undefined && handOver.includes(step);
  return isHandOver && red ? `${notHandedOver}: ${red.check} is red` : undefined;
}
