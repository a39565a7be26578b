import { join } from 'node:path';
import { DrillError } from '../domain/drill-error.ts';
import type { Runbook, RunbookScenario } from '../domain/runbook.ts';
import type { SystemUnderDrill } from '../domain/system.ts';
import { systems } from '../fixtures/index.ts';
import { unknownName } from '../domain/nearest.ts';
import { loadRunbook } from '../runbooks/load.ts';
import type { DrillDefinition } from './definition.ts';
import { projectFolder } from './project.ts';
import { vocabulary } from './vocabulary.ts';

/** File of the runbook in a folder of runbooks/. */
export function runbookFile(name: string): string {
  return join(projectFolder, 'runbooks', name, 'runbook.yaml');
}

/**
 * The validated runbook of a drill, with the scenario and the system that it names. A `DrillError` (`configuration`)
 * when they do not fit: `firedrill lint` asks the same of every drill, so that it refuses what `run` does.
 */
export async function loadDrillRunbook({
  name: drill,
  runbook: name,
  scenario: scenarioName,
}: Pick<DrillDefinition, 'name' | 'runbook' | 'scenario'>): Promise<{
  runbook: Runbook;
  scenario: RunbookScenario;
  system: SystemUnderDrill;
}> {
  const runbook = await loadRunbook(runbookFile(name), vocabulary);
  const scenario = runbook.scenarios[scenarioName];
  const system = systems[runbook.system];
  const known = Object.keys(runbook.scenarios);
  if (!scenario || !system) {
    throw new DrillError({
      code: 'configuration',
      what: `the drill ${drill} names a scenario that its runbook does not have`,
      expected: known.join(', '),
      actual: unknownName(scenarioName, known),
      where: runbook.file,
    });
  }
  if (scenario.drill === drill) return { runbook, scenario, system };
  throw new DrillError({
    code: 'configuration',
    what: `the drill ${drill} rehearses a scenario that its runbook gives to another drill`,
    expected: `\`drill: ${drill}\` in the scenario ${scenarioName}`,
    actual: `\`drill: ${scenario.drill}\``,
    where: runbook.file,
  });
}
