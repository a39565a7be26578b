import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
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

/** What lies in the folder of a run, beside the files of its seal. */
export interface Contents {
  /** Plain files by their paths, sorted. */
  files: string[];
  /** Links, sockets and whatever else no seal can hold; names that `sha256sum` could not be given by a list, too. */
  others: string[];
}

/** Lists a folder at any depth. */
export async function contentsOf(directory: string): Promise<Contents> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const contents: Contents = { files: [], others: [] };
  for (const entry of found.filter((one) => !one.isDirectory())) {
    const path = join(entry.parentPath, entry.name).slice(join(directory, '/').length).replaceAll('\\', '/');
    if (sealNames.has(path)) continue;
    (entry.isFile() && !/["\\\n]/.test(path) ? contents.files : contents.others).push(path);
  }
  return { files: contents.files.toSorted(), others: contents.others.toSorted() };
}

const sealNames: ReadonlySet<string> = new Set(Object.values(sealFiles));

/** Size and sha256 of files of a folder, in the order given. */
export async function artefactsOf(directory: string, paths: readonly string[]): Promise<Artefact[]> {
  const artefacts: Artefact[] = [];
  for (const path of paths) artefacts.push({ path, ...(await digestFile(join(directory, path))) });
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
