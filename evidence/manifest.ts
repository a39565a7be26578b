import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DrillError } from '../domain/drill-error.ts';
import { sealFiles } from '../domain/evidence.ts';
import type { LedgerRun } from '../domain/ledger.ts';
import { digestFile } from './digest.ts';

const manifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  number: z.int().min(1),
  runId: z.string(),
  artefacts: z.array(z.strictObject({ path: z.string(), sizeBytes: z.int().min(0), sha256: z.string() })),
});

/** What the folder of a run held when it was sealed. */
export type Manifest = z.output<typeof manifestSchema>;
export type Artefact = Manifest['artefacts'][number];

/**
 * Size and sha256 of every file below a folder, sorted by path; the files of the seal are none of them, nor those of
 * `except`, by their paths. A `DrillError` (`internal`) for what is no plain file.
 */
export async function listArtefacts(directory: string, except: readonly string[] = []): Promise<Artefact[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const passedOver: ReadonlySet<string> = new Set([...Object.values(sealFiles), ...except]);
  const paths = found
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name).slice(join(directory, '/').length).replaceAll('\\', '/');
      if (!entry.isFile() || /["\\\n]/.test(path)) throw notSealable(join(directory, path));
      return path;
    })
    .filter((path) => !passedOver.has(path));
  const artefacts: Artefact[] = [];
  for (const path of paths.toSorted()) artefacts.push({ path, ...(await digestFile(join(directory, path))) });
  return artefacts;
}

/** The text of a manifest: an artefact a line, so that `sed` makes a list for `sha256sum` of it. */
export function writeManifest(
  { number, runId }: Pick<LedgerRun, 'number' | 'runId'>,
  artefacts: readonly Artefact[],
): string {
  const lines = artefacts.map(
    ({ path, sizeBytes, sha256 }) =>
      `    {"path": ${JSON.stringify(path)}, "sizeBytes": ${sizeBytes}, "sha256": "${sha256}"}`,
  );
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return `{\n  "schemaVersion": 1,\n  "number": ${number},\n  "runId": ${JSON.stringify(runId)},\n  "artefacts": ${list}\n}\n`;
}

/** Reads a manifest; `undefined` when it is none. */
export function readManifest(text: string): Manifest | undefined {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function notSealable(where: string): DrillError {
  return new DrillError({
    code: 'internal',
    what: 'the folder of the run cannot be sealed',
    expected: 'plain files without quotes, backslashes and line ends in their names',
    actual: 'something else',
    where,
  });
}
