import { judgeInstallation } from '../../checks/installation.ts';
import type { Finding } from '../../domain/finding.ts';
import { sourceDifferences } from '../../recovery/install-source.ts';
import { need, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';

export const installationAsSource: DrillStep = {
  name: 'installation',
  title: 'The application that runs is the one that was installed from its source',
  phase: 'hand-over',
  async execute(context) {
    context.judge([await judgeInstalled(context)]);
  },
};

/** Holds the installation against its source, and where the processes were started from against the installation. */
export async function judgeInstalled(context: DrillContext): Promise<Finding> {
  const installed = need(context, 'installed');
  const { entries } = need(context, 'app');
  const differences = await sourceDifferences(installed);
  return judgeInstallation({
    files: installed.files,
    differences: differences.map(({ what, file }) => `${what}: ${file}`),
    entries,
    elsewhere: entries.filter((entry) => !entry.startsWith(`${installed.folder}/`)),
  });
}
