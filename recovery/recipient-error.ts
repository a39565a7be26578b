import { DrillError, messageOf } from '../domain/drill-error.ts';

/** `configuration`: what was given as the age public key is none. */
export function recipientError(cause: unknown): DrillError {
  return new DrillError({
    code: 'configuration',
    what: 'the backup cannot be encrypted',
    expected: 'an age public key (age1…) as recipient',
    actual: messageOf(cause),
    cause,
  });
}
