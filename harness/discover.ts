import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DrillError } from '../domain/drill-error.ts';
import type { DrillDefinition } from './definition.ts';
import { projectFolder } from './project.ts';

export interface DiscoveredDrill {
  definition: DrillDefinition;
  /** Path of the drill's file, from the project's folder. */
  file: string;
}

/** All drills of the project, by name. They are declared only; nothing starts. */
export async function discoverDrills(): Promise<DiscoveredDrill[]> {
  const drills: DiscoveredDrill[] = [];
  for await (const file of glob('drills/**/*.drill.ts', { cwd: projectFolder })) {
    const module = (await import(pathToFileURL(join(projectFolder, file)).href)) as { default: DrillDefinition };
    drills.push({ definition: module.default, file });
  }
  return drills.toSorted((one, other) => one.definition.name.localeCompare(other.definition.name));
}

/** The drill of that name; a `DrillError` (`usage`) that lists the known ones when there is none. */
export async function findDrill(name: string): Promise<DiscoveredDrill> {
  const drills = await discoverDrills();
  const found = drills.find(({ definition }) => definition.name === name);
  if (found) return found;
  throw new DrillError({
    code: 'usage',
    what: 'there is no such drill',
    expected: drills.map(({ definition }) => definition.name).join(', '),
    actual: `\`${name}\``,
  });
}
