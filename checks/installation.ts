import { finding, type Finding } from '../domain/finding.ts';

/** What an installation of the application was seen to be. */
export interface InstallationObservation {
  files: number;
  /** Files that are not as the source has them: `missing: bin/x.ts`. */
  differences: readonly string[];
  /** Entry points of the processes that run now. */
  entries: readonly string[];
  /** Entry points that do not lie in the installation. */
  elsewhere: readonly string[];
}

/**
 * `application.source`: the application that runs is the one that was installed, and every file of it is as its source
 * has it. No file and no process prove nothing: `inconclusive`.
 */
export function judgeInstallation({ files, differences, entries, elsewhere }: InstallationObservation): Finding {
  const isProven = files > 0 && entries.length > 0;
  const faults = [...differences, ...elsewhere.map((entry) => `runs from elsewhere: ${entry}`)];
  return finding('application.source', isProven && faults.length === 0, {
    otherwise: faults.length > 0 ? 'fail' : 'inconclusive',
    expected: 'every process to run from the clean copy, every file of it as in the source',
    actual: `${files} files, ${differences.length} different; ${entries.length} processes, ${elsewhere.length} from elsewhere`,
    evidence: faults.slice(0, 20),
    recommendation: 'Install the application from version control, and start it from there and from nowhere else.',
  });
}
