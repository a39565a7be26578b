import { DrillError } from '../domain/drill-error.ts';

/** The error for a value that is not what its column says. It never quotes the value. */
export function malformed(what: 'text' | 'JSON' | 'array', expected: string): DrillError {
  return new DrillError({
    code: 'masking-failed',
    what: `a value cannot be masked as ${what}`,
    expected,
    actual: 'something else',
  });
}
