import { finding, type Finding } from '../domain/finding.ts';
import type { FileOperation } from '../domain/system.ts';

/** `objects.file-operations`: files go up and come down as they are, by each path that the application has for it. */
export function judgeFileOperations(operations: readonly FileOperation[]): Finding {
  const refused = operations.flatMap(({ path, error }) => (error === undefined ? [] : [`${path}: ${error}`]));
  return finding('objects.file-operations', operations.length > 0 && refused.length === 0, {
    expected: 'every path of the application to store and to give back a file',
    actual: `${operations.length - refused.length} of ${operations.length} work`,
    evidence: refused.slice(0, 20),
    recommendation: 'Check address, credentials and buckets that the application has been given for the object store.',
  });
}
