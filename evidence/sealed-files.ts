import { join } from 'node:path';
import { sealFiles } from '../domain/evidence.ts';
import { readIfThere } from '../files/read-if-there.ts';
import { sha256 } from './digest.ts';
import { readManifest } from './manifest.ts';

/** Names of the files that cannot be written into a folder without breaking its seal; none where it has no seal. */
export async function breakingSeal(
  directory: string,
  files: readonly { name: string; text: string }[],
): Promise<string[]> {
  const manifest = await readIfThere(join(directory, sealFiles.manifest));
  if (manifest === undefined) return [];
  const artefacts = readManifest(manifest.toString('utf8'))?.artefacts ?? [];
  const sealed = new Map(artefacts.map((artefact) => [artefact.path, artefact.sha256]));
  return files.filter(({ name, text }) => sealed.get(name) !== sha256(text)).map(({ name }) => name);
}
