import { DrillError, messageOf } from '../domain/drill-error.ts';

const missingCodes = ['NoSuchKey', 'NotFound', 'NoSuchBucket'];

/** What went wrong at the backup store: `backup-missing` for an object that is not there, else `service-unreachable`. */
export function storeError(cause: unknown, where: string): DrillError {
  if (cause instanceof DrillError) return cause;
  const code = codeOf(cause);
  if (missingCodes.includes(code)) {
    return new DrillError({
      code: 'backup-missing',
      service: 'backups',
      what: 'a file of the backup is not in the store',
      expected: 'the object that the manifest names',
      actual: code,
      where,
      cause,
    });
  }
  return new DrillError({
    code: 'service-unreachable',
    service: 'backups',
    what: 'the backup store did not answer as it should',
    expected: 'an object or a listing',
    actual: [code, messageOf(cause)].filter(Boolean).join(': '),
    where,
    cause,
  });
}

/** Whether the backup is what fails, wherever it is restored into. */
export function isOfTheBackup(error: unknown): error is DrillError {
  return error instanceof DrillError && ['backup-missing', 'backup-invalid', 'decryption-failed'].includes(error.code);
}

/** Code of an error that a store answered with; empty for any other. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
