import type { DrillDeclaration, DrillDefinition } from './definition.ts';

/** Set in the workers of the project `drills` (vitest.config.ts) and nowhere else: tests may import a drill, too. */
const suiteVariable = 'FIREDRILL_SUITE';

/**
 * Declares a drill. In vitest's project `drills` it becomes a suite whose tests are the drill's steps; elsewhere (`firedrill list`)
 * only the declaration is given.
 */
export async function drill(name: string, declaration: DrillDeclaration): Promise<DrillDefinition> {
  const definition = { name, ...declaration };
  if (process.env[suiteVariable] !== undefined) {
    const { registerSuite } = await import('./suite.ts');
    await registerSuite(definition);
  }
  return definition;
}
