import { finding, type Finding } from '../domain/finding.ts';
import type { DatabaseBackupObservation, RestorePoint } from '../domain/recovery.ts';

/**
 * `backup.verified`: the backup was read whole, as a restore would, and nothing was found that keeps one from it. Nothing
 * read, or no table in the manifest, is never a pass.
 */
export function judgeDatabaseBackup(
  { manifest }: Pick<RestorePoint, 'manifest'>,
  observation: DatabaseBackupObservation,
): Finding {
  const { stored, content, rolesBytes } = observation;
  const tables = Object.keys(manifest.content.tables).length;
  const rows = [...(content?.rows.values() ?? [])].reduce((sum, count) => sum + count, 0);
  const problems = [...observation.problems];
  if (tables === 0) problems.push('the manifest describes no table');
  const isWhole = [stored?.sizeBytes, content?.entries, rows, rolesBytes].every(Number.isFinite);
  if (!isWhole && problems.length === 0) problems.push('it was not read to its end');
  return finding('backup.verified', problems.length === 0, {
    expected: `${tables} tables as the manifest counts them, in ${manifest.dump.sizeBytes.toLocaleString('en')} bytes with sha256 ${manifest.dump.sha256.slice(0, 12)}…`,
    actual:
      problems[0] ?? `read whole: ${content?.entries} entries, ${rows.toLocaleString('en')} rows, the same sha256`,
    evidence: problems.slice(0, 10),
    recommendation: 'Take a new backup and verify it after upload; keep an older one to fall back to.',
  });
}
