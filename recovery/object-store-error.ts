import { DrillError, messageOf } from '../domain/drill-error.ts';
import { codeOf } from './store-error.ts';

/** What the store answers for an object, a version or a bucket that is not there, or that a delete marker hides. */
const missingCodes = ['NoSuchKey', 'NotFound', 'NoSuchVersion', 'MethodNotAllowed'];

/** Whether the store said that the object or the version is not there; a bucket that is not there is another matter. */
export function isMissingObject(error: unknown): boolean {
  return missingCodes.includes(codeOf(error));
}

/** What went wrong at the store whose objects are looked at: `service-unreachable`, with the code that it gave. */
export function objectStoreError(cause: unknown, where: string): DrillError {
  if (cause instanceof DrillError) return cause;
  return new DrillError({
    code: 'service-unreachable',
    service: 'objects',
    what: 'the object store did not answer as it should',
    expected: 'an object, a bucket or a listing',
    actual: [codeOf(cause), messageOf(cause)].filter(Boolean).join(': '),
    where,
    cause,
  });
}
