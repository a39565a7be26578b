import { judgeSearchImpact } from '../../checks/search-impact.ts';
import { latestSearchRestorePoint } from '../../recovery/search-restore-points.ts';
import { backupBucket } from '../backup-location.ts';
import { need } from '../context.ts';
import type { Action } from '../definition.ts';
import { observeImpact } from '../search-impact.ts';

/**
 * Is the search really lost, and what is there to recover it from? Its health is asked, as the runbook has it, and told;
 * what is judged are the documents and hits of every index that the newest backup has documents of.
 */
export const checkSearch: Action = {
  name: 'check-search',
  title: 'Ask the search server for health, documents and hits, and find the newest backup',
  phase: 'detect',
  needs: ['search'],
  async execute(context) {
    const stack = need(context, 'stack');
    const { manifest } = await latestSearchRestorePoint({ store: stack.backups.access, bucket: backupBucket });
    context.progress().info(`newest backup by its manifest: ${manifest.kind} ${manifest.id}, ${manifest.coveredAt}`);
    const filled = Object.entries(manifest.state.indexes).filter(([, { documents }]) => documents > 0);
    const impact = await observeImpact(
      stack.search.access,
      filled.map(([uid]) => uid),
    );
    context.state.searchImpact = impact;
    const finding = judgeSearchImpact(impact);
    context.progress().info(finding.actual);
    context.judge([finding]);
  },
};
