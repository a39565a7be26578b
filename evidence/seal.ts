import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { isOwnArtefact, sealFiles } from '../domain/evidence.ts';
import type { LedgerRun, Seal } from '../domain/ledger.ts';
import type { DrillRecord } from '../domain/record.ts';
import type { ApplicableVerdict } from '../domain/verdict.ts';
import { ctrfReport } from './ctrf.ts';
import { sha256 } from './digest.ts';
import { sealEnvelope, statementType } from './dsse.ts';
import { artefactsOf, contentsOf, writeManifest } from './manifest.ts';
import { assessmentResults } from './oscal.ts';
import { replaceFile } from '../files/replace-file.ts';
import { signBytes, type Signer } from './signer.ts';
import { testResultStatement } from './statement.ts';

/** Files that are made from the record for other programs; they are artefacts like the reports. */
const exchangeFiles = { ctrf: 'ctrf.json', oscal: 'oscal-assessment-results.json' } as const;

/** Artefacts that the statement on the result names as its subjects, beside the manifest. */
const statedArtefacts: ReadonlySet<string> = new Set(['drill.json', 'report.html', 'report.md']);

interface SealFacts {
  run: LedgerRun;
  verdict: ApplicableVerdict;
  /** The record of a run that has ended; absent when it died. */
  record?: DrillRecord;
  /** Paths of files that are about to be removed, so that nobody misses them later. */
  except?: readonly string[];
}

/** A sealed folder, and what lies in it that the run did not write: nobody has put their name to that. */
interface SealedFolder {
  seal: Seal;
  foreign: string[];
}

/**
 * Seals the folder of a run: writes the files for other programs, the manifest of all artefacts, its signature, the
 * signed statement on the result, and the public key. Artefacts are the files that a run writes, not whatever lies there;
 * what is not among them, or is written into the folder later, is found by `verifyRun`. The same folder and key give the
 * same bytes.
 */
export async function sealRun(
  directory: string,
  { run, verdict, record, except = [] }: SealFacts,
  signer: Signer,
): Promise<SealedFolder> {
  if (record) {
    await writeJson(join(directory, exchangeFiles.ctrf), ctrfReport(record));
    await writeJson(join(directory, exchangeFiles.oscal), assessmentResults(record));
  }
  const { files, others } = await contentsOf(directory);
  const own = files.filter((path) => isOwnArtefact(path) && !except.includes(path));
  const artefacts = await artefactsOf(directory, own);
  const manifest = Buffer.from(writeManifest(run, artefacts));
  const manifestSha256 = sha256(manifest);
  const subject = [
    { name: sealFiles.manifest, digest: { sha256: manifestSha256 } },
    ...artefacts
      .filter(({ path }) => statedArtefacts.has(path))
      .map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
  ];
  const statement = testResultStatement(run, { verdict, subject, ...(record && { record }) });
  const attestation = sealEnvelope(statementType, Buffer.from(JSON.stringify(statement)), signer);
  const publicKey = createPublicKey(signer.privateKey).export({ type: 'spki', format: 'pem' });

  await replaceFile(join(directory, sealFiles.publicKey), publicKey);
  await replaceFile(join(directory, sealFiles.attestation), attestation);
  await replaceFile(join(directory, sealFiles.signature), signBytes(signer, manifest));
  await replaceFile(join(directory, sealFiles.manifest), manifest);
  return {
    seal: { manifestSha256, attestationSha256: sha256(attestation), artefacts: artefacts.length },
    foreign: [...files.filter((path) => !isOwnArtefact(path)), ...others].toSorted(),
  };
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await replaceFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
