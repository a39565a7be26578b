import { DrillError } from '../../domain/drill-error.ts';

/** The error for data that is to be deleted under a running service. */
export function stillRunning(what: string): DrillError {
  return new DrillError({
    code: 'internal',
    what: `the data of ${what} was to be deleted`,
    expected: 'a service that does not run',
    actual: 'it runs',
  });
}
