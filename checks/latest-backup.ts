import { finding, type Finding } from '../domain/finding.ts';

/** `backup.latest`: the backup that recovery chose is the newest that was taken. */
export function judgeLatestBackup(taken: string | undefined, chosen: string): Finding {
  return finding('backup.latest', taken !== undefined && chosen === taken, {
    expected: taken === undefined ? 'a backup of this run' : `the newest backup, ${taken}`,
    actual: chosen,
    recommendation: 'Choose a backup by the instant that its manifest says it covers, never by listing order.',
  });
}
