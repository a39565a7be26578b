import { join } from 'node:path';
import { DrillError } from '../domain/drill-error.ts';
import type { Runbook, RunbookScenario } from '../domain/runbook.ts';
import type { SystemUnderDrill } from '../domain/system.ts';
import { systems } from '../fixtures/index.ts';
import { loadRunbook, type Vocabulary } from '../runbooks/load.ts';
import { actions } from './actions/index.ts';
import type { DrillDeclaration } from './definition.ts';
import { projectFolder } from './project.ts';

/** What runbooks may refer to: the actions and the systems that there are. */
export const vocabulary: Vocabulary = { actions: Object.keys(actions), systems: Object.keys(systems) };

/** File of the runbook in a folder of runbooks/. */
export function runbookFile(name: string): string {
  return join(projectFolder, 'runbooks', name, 'runbook.yaml');
}

/** The validated runbook of a drill, with the scenario and the system that it names. */
export async function loadDrillRunbook({
  runbook: name,
  scenario: scenarioName,
}: Pick<DrillDeclaration, 'runbook' | 'scenario'>): Promise<{
  runbook: Runbook;
  scenario: RunbookScenario;
  system: SystemUnderDrill;
}> {
  const runbook = await loadRunbook(runbookFile(name), vocabulary);
  const scenario = runbook.scenarios[scenarioName];
  const system = systems[runbook.system];
  if (scenario && system) return { runbook, scenario, system };
  throw new DrillError({
    code: 'configuration',
    what: 'the drill names a scenario that its runbook does not have',
    expected: Object.keys(runbook.scenarios).join(', '),
    actual: scenarioName,
    where: runbook.file,
  });
}
