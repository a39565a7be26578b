import { judgeSmoke } from '../../checks/smoke.ts';
import { askedAt, type Finding } from '../../domain/finding.ts';
import { DrillError } from '../../domain/drill-error.ts';
import { isRed } from '../../domain/verdict.ts';
import { need, productionStores, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { machineLoad } from '../../smoke/own-delay.ts';
import { askProbes } from './probes.ts';
import { judgeSearch } from './search.ts';

/** Every probe of the runbook is green before the fault. */
export const probesGreen: DrillStep = {
  name: 'steady-state',
  title: 'Steady state: every probe is green',
  phase: 'steady-state',
  async execute(context) {
    const observations = await askProbes(context, 'steady-state', need(context, 'apiUrl'));
    requireSteadyState(context, judgeSmoke(observations, machineLoad()));
  },
};

/** The search index answers with the content that the database has. A health flag would be no proof. */
export const searchHasContent: DrillStep = {
  name: 'steady-state-search',
  title: 'Steady state: the search index has the content of the database',
  phase: 'steady-state',
  async execute(context) {
    const compare = async (): Promise<Finding[]> => judgeSearch(context.system, productionStores(context));
    // A marker's row is there a moment before its document is.
    requireSteadyState(context, await need(context, 'markers').quietly(compare));
  },
};

/** A system that is not healthy before the fault proves nothing: its red findings make the run inconclusive. */
export function requireSteadyState(context: DrillContext, findings: Finding[]): void {
  const prefixed = asSteadyState(findings);
  context.judge(prefixed);
  // A latency that a busy machine hides is no sign of a sick system: what does not depend on it goes on.
  const isHidden = (index: number): boolean =>
    findings[index]?.check === 'smoke.latency' && findings[index]?.verdict === 'inconclusive';
  const red = prefixed.filter((finding, index) => isRed(finding.verdict) && !isHidden(index));
  if (red.length === 0) return;
  throw new DrillError({
    code: 'no-steady-state',
    what: 'the system is not healthy before the fault, so nothing can be proved',
    expected: 'every check of the steady state to pass',
    actual: red.map(({ check, actual }) => `${check}: ${actual}`).join('; '),
  });
}

/** Findings of before the fault, under names of their own; what is red there is no verdict on the recovery. */
export function asSteadyState(findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({
    ...askedAt('steady-state', finding),
    verdict: isRed(finding.verdict) ? 'inconclusive' : finding.verdict,
  }));
}
