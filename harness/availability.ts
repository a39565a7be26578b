import type { AvailabilitySwitch } from '../domain/availability.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { Fault } from '../domain/fault.ts';
import type { RunbookAvailability } from '../domain/runbook.ts';
import type { DrillContext } from './context.ts';

/** A server that has failed, and what became of it. Instants are on the clock of the load. */
export interface Outage {
  fault: Fault;
  server: string;
  injectedAt: Date;
  faultAtMs: number;
  detectedAtMs: number;
  /** There once the failover was judged. */
  switch?: AvailabilitySwitch;
  /** Until when requests were watched for it. */
  watchedUntilMs?: number;
}

/** Width of the stretches in which requests are counted. */
export const bucketMs = 1_000;

/** What the runbook asks of the availability while servers fail; a `DrillError` (`configuration`) when it says nothing. */
export function availabilityOf({ runbook }: DrillContext): RunbookAvailability {
  if (runbook.availability) return runbook.availability;
  throw new DrillError({
    code: 'configuration',
    what: 'the runbook says nothing of the availability while servers fail',
    expected: 'a section `availability`',
    where: runbook.file,
  });
}
