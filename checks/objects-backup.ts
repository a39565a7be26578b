import { finding, type Finding } from '../domain/finding.ts';
import { countWords } from './words.ts';

export interface ObjectsBackupVerification {
  objects: number;
  sizeBytes: number;
  contents: number;
  /** `bucket/key: why`. */
  unrestorable: readonly string[];
}

/** `backup.objects`: every content of the backup was read back, decrypted, and has the sha256 of the manifest. */
export function judgeObjectsBackup(verification: ObjectsBackupVerification): Finding {
  const { objects, sizeBytes, contents, unrestorable } = verification;
  return finding('backup.objects', objects > 0 && contents > 0 && unrestorable.length === 0, {
    expected: `${countWords(Math.max(objects, 1))} objects that can be restored`,
    actual:
      unrestorable.length === 0
        ? `${countWords(contents)} contents of ${countWords(objects)} objects read back, ${countWords(sizeBytes)} bytes`
        : `${unrestorable.length} objects cannot be restored`,
    evidence: unrestorable.slice(0, 20),
    recommendation: 'Take a new backup, verify it after upload, and keep an older one to fall back to.',
  });
}

export interface ObjectsBackupCompleteness {
  objects: number;
  /** Listed by the backup and not in it. */
  skipped: readonly { bucket: string; key: string; reason: 'vanished' | 'unsettled' }[];
  /** Rows that stood unchanged while the backup ran. */
  rows: number;
  /** `bucket/key` of such rows whose content is not in the backup. */
  notCovered: readonly string[];
}

/**
 * `backup.objects-complete`: the object of every row that stood while the backup ran is in it, with the row's sha256,
 * and none was passed over because it did not hold still. One that was deleted meanwhile need not be in it.
 */
export function judgeObjectsBackupComplete(completeness: ObjectsBackupCompleteness): Finding {
  const { objects, skipped, rows, notCovered } = completeness;
  const unsettled = skipped.filter(({ reason }) => reason === 'unsettled').map(({ bucket, key }) => `${bucket}/${key}`);
  const vanished = skipped.length - unsettled.length;
  const isWhole = notCovered.length === 0 && unsettled.length === 0;
  const isComplete = isWhole && objects > 0 && rows > 0;
  return finding('backup.objects-complete', isComplete, {
    otherwise: isWhole && objects > 0 ? 'inconclusive' : 'fail',
    expected: `the objects of ${countWords(rows)} rows, none passed over`,
    actual: isComplete
      ? `${countWords(objects)} objects; ${vanished} were deleted while the backup ran`
      : `${countWords(objects)} objects; ${notCovered.length} of rows are not in it, ${unsettled.length} passed over`,
    evidence: [
      ...notCovered.map((name) => `${name} has a row and is not in the backup as the row says`),
      ...unsettled.map((name) => `${name} changed while it was read, each time`),
    ].slice(0, 20),
    recommendation: 'Back up again when less is written; look for rows whose object is missing in production already.',
  });
}

export interface ObjectsBackupIncrement {
  /** In the backup. */
  objects: number;
  /** Of them, those that are as in the backup before. */
  unchanged: number;
  /** Read from the source. */
  objectsRead: number;
  contentsWritten: number;
}

/** `backup.objects-incremental`: only what was new or changed since the backup before was read and written. */
export function judgeObjectsIncrement(increment: ObjectsBackupIncrement): Finding {
  const { objects, unchanged, objectsRead, contentsWritten } = increment;
  const changed = objects - unchanged;
  const isIncremental = unchanged > 0 && changed > 0 && objectsRead <= changed && contentsWritten <= changed;
  return finding('backup.objects-incremental', isIncremental, {
    expected: `at most the ${countWords(Math.max(changed, 1))} new or changed ones of ${countWords(objects)} objects read and written`,
    actual: `${countWords(objectsRead)} read, ${countWords(contentsWritten)} contents written, ${countWords(unchanged)} as before`,
    recommendation: 'Give the backup the manifest of the one before; without it everything is read again.',
  });
}
