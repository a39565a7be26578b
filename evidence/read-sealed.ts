import { join } from 'node:path';
import { sealFiles } from '../domain/evidence.ts';
import { messageOf } from '../domain/drill-error.ts';
import type { LedgerEnd } from '../domain/ledger.ts';
import { readIfThere } from '../files/read-if-there.ts';
import { sha256 } from './digest.ts';
import { readManifest } from './manifest.ts';

/**
 * A file of a run's folder as it was sealed when the ledger closed the run; or why it cannot be used: it is not there, or
 * it is not the one that the seal names. Signatures are not looked at: that is what `verifyRun` is for.
 */
export async function readSealed(
  directory: string,
  name: string,
  { seal }: Pick<LedgerEnd, 'seal'>,
): Promise<{ bytes: Buffer } | { why: string }> {
  try {
    const bytes = await readIfThere(join(directory, name));
    if (!bytes) return { why: `there is no ${name} in its folder` };
    if (!seal) return { why: 'it was never sealed' };
    const manifest = await readIfThere(join(directory, sealFiles.manifest));
    if (!manifest || sha256(manifest) !== seal.manifestSha256) {
      return { why: `its ${sealFiles.manifest} is not the one that the ledger names` };
    }
    const sealed = readManifest(manifest.toString('utf8'))?.artefacts.find(({ path }) => path === name);
    return sealed?.sha256 === sha256(bytes) ? { bytes } : { why: `${name} was changed after it was sealed` };
  } catch (error) {
    return { why: `its folder cannot be read: ${messageOf(error)}` };
  }
}
