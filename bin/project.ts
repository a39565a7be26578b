import { discoverDrills } from '../harness/discover.ts';
import { loadProgramme } from '../harness/programme.ts';
import type { Project } from '../history/inputs.ts';
import { readImages } from '../stack/containers/images.ts';
import { answer } from './own-process.ts';

/** The project as it is now: its drills, what its runbooks ask for, and the images of its stores. */
async function loadProject(): Promise<Project> {
  const [drills, runbooks, images] = await Promise.all([discoverDrills(), loadProgramme(), readImages()]);
  return {
    drills: drills.map(({ definition: { name, runbook, scenario } }) => ({ name, runbook, scenario })),
    runbooks: runbooks.map(({ name, sha256, cadence, scenarios, schemaSha256 }) => {
      return { name, sha256, cadence, scenarios, schemaSha256 };
    }),
    images: {
      postgres: images.postgres.reference,
      objects: images.objects.reference,
      search: images.search.reference,
    },
  };
}

if (import.meta.main) await answer(loadProject);
