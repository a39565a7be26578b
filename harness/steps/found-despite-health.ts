import { judgeFoundDespiteHealth } from '../../checks/search-impact.ts';
import { need } from '../context.ts';
import type { DrillStep } from '../definition.ts';

/** That the damage was found although the search server called itself healthy. */
export const foundDespiteHealth: DrillStep = {
  name: 'found-despite-health',
  title: 'The damage was found although the search server called itself healthy',
  phase: 'hand-over',
  execute(context) {
    const { runbook, scenario, record } = context;
    const name = scenario.detectBy ?? runbook.smoke.detectBy;
    const probe = { name, isRed: record.fault?.detectedAt !== undefined };
    context.judge([judgeFoundDespiteHealth({ impact: need(context, 'searchImpact'), probe })]);
    return Promise.resolve();
  },
};
