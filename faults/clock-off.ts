import { DrillError } from '../domain/drill-error.ts';
import type { Fault, FaultObservation } from '../domain/fault.ts';
import type { RunningService, Stack } from '../domain/service.ts';
import { objectClient } from '../stack/clients.ts';
import { observation } from './observation.ts';
import { clockOffsetMs } from './read-clock.ts';
import { orLift, restart, restartUnchanged } from './restart.ts';
import { struckBook } from './struck.ts';
import { directAccessOf, nameOf, serviceOf, type Target } from './target.ts';

export interface ClockOffOptions {
  /** How far the clock is before the right time, in milliseconds; negative is behind. Default one hour. */
  offsetMs?: number;
}

/** How exactly the offset has to show: a clock is read in whole seconds, and the answer takes its time. */
const toleranceMs = 5_000;

/** S3 refuses requests that were signed further away than this from the time of its server. */
const signatureAgeMaxMs = 15 * 60_000;

/**
 * The service is restarted and its clock is off. By libfaketime, which has to be installed; a program that loads no
 * library, as a static build of MinIO, keeps its clock. Either way injecting throws a `DrillError` (`unsupported`), and
 * the service runs as before. Lifted by a restart.
 */
export function clockOff(target: Target, { offsetMs = 3_600_000 }: ClockOffOptions = {}): Fault {
  const struck = struckBook<RunningService>();
  const lift = (stack: Stack): Promise<void> => restartUnchanged(stack, struck);
  const isOff = async (stack: Stack): Promise<[bitten: boolean, actual: string]> => {
    const seenMs = await clockOffsetMs(directAccessOf(stack, target));
    if (seenMs === undefined) return [false, 'no answer'];
    return [Math.abs(seenMs - offsetMs) <= toleranceMs, inSeconds(seenMs)];
  };
  return {
    name: `clock-off:${nameOf(target)}`,
    title: `the clock of ${nameOf(target)} is off by ${inSeconds(offsetMs)}`,
    claims: [{ target, effect: 'impaired' }],
    async inject(stack) {
      const service = serviceOf(stack, target);
      struck.note(stack, service);
      const strike = async (): Promise<void> => {
        await restart(service, { clockOffsetMs: offsetMs });
        const [bitten, actual] = await isOff(stack);
        if (!bitten) throw keptItsClock(target, service, inSeconds(offsetMs), actual);
      };
      await orLift(strike, () => lift(stack));
    },
    async observe(stack) {
      const [bitten, actual] = await isOff(stack);
      const question = `How far is the clock of ${nameOf(target)} off?`;
      const observations = [{ question, expected: inSeconds(offsetMs), actual, bitten }];
      const isSkewed = target.service === 'objects' && Math.abs(offsetMs) > signatureAgeMaxMs;
      return isSkewed ? [...observations, await observeSignature(stack)] : observations;
    },
    lift,
  };
}

async function observeSignature({ objects }: Stack): Promise<FaultObservation> {
  const answer = await objectClient(objects.access)
    .listBuckets()
    .then(
      () => 'taken',
      (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'no answer'),
    );
  return observation('What becomes of a request that is signed by the right time?', 'RequestTimeTooSkewed', answer);
}

function keptItsClock(target: Target, { info }: RunningService, expected: string, actual: string): DrillError {
  return new DrillError({
    code: 'unsupported',
    service: target.service,
    what: `the clock of ${nameOf(target)} cannot be set off`,
    expected: `a program that loads libfaketime, and a clock that is off by ${expected}`,
    actual: `${info.implementation} is off by ${actual}`,
    hint: 'A program that is linked statically loads no library, nor does one that is linked against another C library.',
  });
}

function inSeconds(durationMs: number): string {
  return `${Math.round(durationMs / 1_000)} s`;
}
