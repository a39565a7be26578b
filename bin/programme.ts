import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { cadenceFrequencies, type CadenceFrequency, type RunbookCadence } from '../domain/runbook.ts';
import { discoverDrills } from '../harness/discover.ts';
import { projectFolder } from '../harness/project.ts';
import { vocabulary } from '../harness/vocabulary.ts';
import type { PlannedDrill } from '../quarterly/inputs.ts';
import { loadRunbook } from '../runbooks/load.ts';
import { exercisesOf } from '../schedule/programme.ts';
import { answer } from './own-process.ts';

/** What the runbooks of the project ask for: each scenario with its drill, at the cadence of its runbook. */
export async function loadProgramme(): Promise<PlannedDrill[]> {
  const drills = new Set((await discoverDrills()).map(({ definition }) => definition.name));
  const files = await Array.fromAsync(glob('runbooks/*/runbook.yaml', { cwd: projectFolder }));
  const programme: PlannedDrill[] = [];
  for (const file of files.toSorted()) {
    const { name, owner, cadence, sha256, roles, scenarios } = await loadRunbook(join(projectFolder, file), vocabulary);
    const accountable = roles.filter(({ responsibility }) => responsibility === 'accountable').map(({ role }) => role);
    for (const [scenario, { drill }] of Object.entries(scenarios)) {
      programme.push({
        runbook: name,
        scenario,
        drill,
        frequency: frequencyOf(scenario, cadence),
        owner,
        runbookSha256: sha256,
        accountable,
        exists: drills.has(drill),
      });
    }
  }
  return programme;
}

/** How often the exercises of a runbook ask for a scenario by the calendar: the most often, where several do. */
function frequencyOf(scenario: string, cadence: RunbookCadence): CadenceFrequency {
  const asked = exercisesOf({ cadence })
    .filter((exercise) => exercise.kind === 'scenarios')
    .filter(({ scenarios }) => scenarios === undefined || scenarios.includes(scenario))
    .map(({ frequency }) => frequency);
  return cadenceFrequencies.find((frequency) => asked.includes(frequency)) ?? cadence.frequency;
}

if (import.meta.main) await answer(loadProgramme);
