import type { DrillDeclaration, DrillDefinition } from './definition.ts';

/**
 * Declares a drill. Inside vitest it becomes a suite whose tests are the drill's steps; elsewhere (`firedrill list`)
 * only the declaration is given.
 */
export async function drill(name: string, declaration: DrillDeclaration): Promise<DrillDefinition> {
  const definition = { name, ...declaration };
  if (process.env['VITEST_WORKER_ID'] !== undefined) {
    const { registerSuite } = await import('./suite.ts');
    await registerSuite(definition);
  }
  return definition;
}
