import { wholeSystem, type Runbook, type RunbookScenario } from '../domain/runbook.ts';

/** How much hangs on a drill, in Allure's words. */
export type DrillSeverity = 'blocker' | 'critical' | 'normal';

/**
 * The severity of a scenario by its runbook: `blocker` for the loss of the whole system, `critical` for a service that
 * must be back in half the time of the system or sooner, since others wait for it, `normal` for the rest.
 */
export function severityOf(
  { objective, services }: Pick<Runbook, 'objective' | 'services'>,
  { service }: Pick<RunbookScenario, 'service'>,
): DrillSeverity {
  if (service === wholeSystem) return 'blocker';
  const rtoMs = services[service]?.objective.rtoMs ?? objective.rtoMs;
  return rtoMs <= objective.rtoMs / 2 ? 'critical' : 'normal';
}
