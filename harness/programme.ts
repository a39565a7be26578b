import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DrillError } from '../domain/drill-error.ts';
import type { Runbook } from '../domain/runbook.ts';
import { systems } from '../fixtures/index.ts';
import { loadRunbook } from '../runbooks/load.ts';
import { runbookFile } from './drill-runbook.ts';
import { projectFolder } from './project.ts';
import { vocabulary } from './vocabulary.ts';

/** Every runbook of the project, by name, with the digest of the schema that its system has now. */
export async function loadProgramme(): Promise<(Runbook & { schemaSha256: string })[]> {
  const names: string[] = [];
  for await (const file of glob('*/runbook.yaml', { cwd: join(projectFolder, 'runbooks') })) names.push(dirname(file));
  return await Promise.all(names.sort().map(async (name) => await withSchema(name)));
}

async function withSchema(name: string): Promise<Runbook & { schemaSha256: string }> {
  const runbook = await loadRunbook(runbookFile(name), vocabulary);
  const system = systems[runbook.system];
  if (system) return { ...runbook, name, schemaSha256: await system.schemaSha256() };
  throw new DrillError({
    code: 'configuration',
    what: 'the runbook names a system that there is not',
    expected: Object.keys(systems).join(', '),
    actual: runbook.system,
    where: runbook.file,
  });
}
