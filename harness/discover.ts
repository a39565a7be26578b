import { glob } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DrillError } from '../domain/drill-error.ts';
import { unknownName } from '../domain/nearest.ts';
import type { DrillDefinition } from './definition.ts';
import { projectFolder } from './project.ts';
import { drillEnding } from './vocabulary.ts';

export interface DiscoveredDrill {
  definition: DrillDefinition;
  /** Path of the drill's file, from the project's folder. */
  file: string;
}

/** All drills of the project, by name. They are declared only; nothing starts. */
export async function discoverDrills(): Promise<DiscoveredDrill[]> {
  const drills = await drillsNamed('*');
  return drills.toSorted((one, other) => one.definition.name.localeCompare(other.definition.name));
}

async function drillsNamed(pattern: string): Promise<DiscoveredDrill[]> {
  const drills: DiscoveredDrill[] = [];
  for await (const file of glob(`drills/**/${pattern}${drillEnding}`, { cwd: projectFolder })) {
    const module = (await import(pathToFileURL(join(projectFolder, file)).href)) as { default: DrillDefinition };
    drills.push({ definition: nameChecked(module.default, file), file });
  }
  return drills;
}

/** The drill of that name; a `DrillError` (`usage`) that lists the known ones when there is none. */
export async function findDrill(name: string): Promise<DiscoveredDrill> {
  // Its file alone is loaded: those of all drills load every fault and control.
  const [found] = /^[\w-]+$/.test(name) ? await drillsNamed(name) : [];
  if (found) return found;
  const drills = await discoverDrills();
  const names = drills.map(({ definition }) => definition.name);
  throw new DrillError({
    code: 'usage',
    what: 'there is no such drill',
    expected: names.join(', '),
    actual: unknownName(name, names),
  });
}

/** Runbooks know a drill by its file. */
function nameChecked(definition: DrillDefinition, file: string): DrillDefinition {
  const expected = basename(file, drillEnding);
  if (definition.name === expected) return definition;
  throw new DrillError({
    code: 'configuration',
    what: 'a drill has another name than its file',
    expected,
    actual: definition.name,
    where: file,
  });
}
