import { dirname, join, resolve } from 'node:path';
import type { QuickRecord } from '../domain/quick.ts';
import type { SourceState } from '../domain/source-state.ts';
import { lastGreenRun } from '../evidence/last-green.ts';
import { readSealed } from '../evidence/read-sealed.ts';
import { readIfThere } from '../files/read-if-there.ts';
import { parseRecord } from '../reports/parse-record.ts';
import { reportFiles } from '../reports/write.ts';
import type { Control, DrillDefinition } from './definition.ts';
import { projectFolder } from './project.ts';
import { chooseQuickControls, type ChangedFile, type SinceGreen } from './quick-choice.ts';
import { changedSince } from './source-state.ts';

export interface QuickRun {
  ledgerFolder: string;
  /** What this run runs on. */
  source: SourceState & { seed: number };
  /** From the project's folder. */
  runbookFile: string;
}

/** The controls that a quick run plays, by what has changed since the last whole green run of the drill in the ledger. */
export async function quickControls(
  { name, controls }: DrillDefinition,
  run: QuickRun,
): Promise<QuickRecord & { controls: Control[] }> {
  return chooseQuickControls(controls, await sinceGreen(name, run), run.source.seed);
}

async function sinceGreen(drill: string, { ledgerFolder, source, runbookFile }: QuickRun): Promise<SinceGreen> {
  const green = await lastGreenRun(ledgerFolder, drill);
  if (!green) return undefined;
  const { number, folder } = green.run;
  const ranOn = await sourceOf(resolve(ledgerFolder, folder), green.end);
  if (ranOn?.sourceSha256 === undefined) return undefined;
  if (ranOn.sourceSha256 === source.sourceSha256) return { run: number, changed: [] };
  // What was not committed then may have been anything.
  if (ranOn.gitRevision === undefined || ranOn.uncommittedFiles === undefined) return undefined;
  const since = await changedSince(ranOn.gitRevision);
  if (since === undefined) return undefined;
  const paths = [...new Set([...since, ...ranOn.uncommittedFiles])].filter((path) =>
    isOfDrill(path, drill, runbookFile),
  );
  return { run: number, changed: await Promise.all(paths.map(readChanged)) };
}

async function sourceOf(directory: string, end: Parameters<typeof readSealed>[2]): Promise<SourceState | undefined> {
  const sealed = await readSealed(directory, reportFiles.record, end);
  if ('why' in sealed) return undefined;
  return parseRecord(sealed.bytes.toString('utf8'), join(directory, reportFiles.record)).environment;
}

/** Not the file of another drill, nor the folder of another runbook. */
function isOfDrill(path: string, drill: string, runbookFile: string): boolean {
  if (path.endsWith('.drill.ts')) return path.endsWith(`/${drill}.drill.ts`);
  const [top, ...inside] = path.split('/');
  return top !== 'runbooks' || inside.length < 2 || path.startsWith(`${dirname(runbookFile)}/`);
}

async function readChanged(path: string): Promise<ChangedFile> {
  const bytes = await readIfThere(join(projectFolder, path));
  return { path, text: bytes?.toString('utf8') ?? '' };
}
