import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DrillError } from '../domain/drill-error.ts';
import { sealFiles } from '../domain/evidence.ts';
import type { ClosedEntry } from '../domain/ledger.ts';
import { sha256 } from './digest.ts';
import { openEnvelope } from './dsse.ts';
import { knownKeys } from './keys.ts';
import { ledgerPaths } from './ledger-paths.ts';
import { readPeriod } from './ledger-period.ts';
import { artefactsOf, contentsOf, readManifest, type Artefact, type Manifest } from './manifest.ts';
import type { Problem, Verification } from './problem.ts';
import { isSignedBy, keyIdOf } from './signer.ts';
import type { ResourceDescriptor, TestResultStatement } from './statement.ts';
import { whyUnsealed } from './verify-folders.ts';
import { verifyLedger } from './verify-ledger.ts';

interface VerifyRunOptions {
  /** Folder of the ledger that has the run; without one only the folder itself is verified, and that is told. */
  ledgerFolder: string;
  head?: string;
  trustedKeyIds?: readonly string[];
}

interface SealBytes {
  manifest: Buffer;
  signature: Buffer;
  attestation: Buffer;
  publicKey: Buffer;
}

/**
 * Verifies the folder of a run offline: the manifest by its signature, every artefact by the manifest, the statement by
 * its own signature, and the seal by the entry of the ledger that closed the run. A `DrillError` (`usage`) when the
 * folder was never sealed.
 */
export async function verifyRun(directory: string, options: VerifyRunOptions): Promise<Verification> {
  if (!existsSync(join(directory, sealFiles.manifest))) throw notSealed(directory, await whyNot(directory, options));
  const { seal, problems } = await readSeal(directory);
  const key = keyOf(seal.publicKey);
  const manifest = readManifest(seal.manifest.toString('utf8'));
  const tell = (file: string, what: string): unknown => problems.push({ where: join(directory, file), what });

  if (!key) tell(sealFiles.publicKey, 'it is not a public Ed25519 key as it was written');
  else if (!isSignedBy(key, seal.manifest, seal.signature)) {
    tell(
      sealFiles.manifest,
      `${sealFiles.signature} is not its signature by the key ${keyIdOf(key).slice(0, 16)}: one of the three was changed`,
    );
  }
  if (!manifest) tell(sealFiles.manifest, 'it is not a manifest');
  const { files, others } = await contentsOf(directory);
  const actual = await artefactsOf(directory, files);
  for (const path of others) tell(path, 'it is no plain file: no manifest names such a one');
  if (manifest) for (const { path, what } of differences(manifest.artefacts, actual)) tell(path, what);
  if (key) {
    const what = statementMistake(seal, key, manifest);
    if (what !== undefined) tell(sealFiles.attestation, what);
  }

  const result: Verification = { problems, checked: [], notChecked: [] };
  result.checked.push(
    `${actual.length} artefacts against ${sealFiles.manifest}, its signature, the statement on the result`,
  );
  await checkLedger(result, { directory, seal, key, manifest, options });
  return result;
}

async function readSeal(directory: string): Promise<{ seal: SealBytes; problems: Problem[] }> {
  const problems: Problem[] = [];
  const read = async (name: string): Promise<Buffer> => {
    const where = join(directory, name);
    return readFile(where).catch((): Buffer => {
      problems.push({ where, what: 'it is missing or cannot be read' });
      return Buffer.alloc(0);
    });
  };
  const { manifest, signature, attestation, publicKey } = sealFiles;
  const seal = {
    manifest: await read(manifest),
    signature: await read(signature),
    attestation: await read(attestation),
    publicKey: await read(publicKey),
  };
  return { seal, problems };
}

/** The key, if the file is exactly as it was written: PEM can be written in several ways. */
function keyOf(pem: Buffer): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    const isAsWritten = pem.equals(Buffer.from(key.export({ type: 'spki', format: 'pem' })));
    return key.asymmetricKeyType === 'ed25519' && isAsWritten ? key : undefined;
  } catch {
    return undefined;
  }
}

function differences(sealed: readonly Artefact[], actual: readonly Artefact[]): { path: string; what: string }[] {
  const byPath = new Map(actual.map((artefact) => [artefact.path, artefact]));
  const sealedPaths = new Set(sealed.map(({ path }) => path));
  return [
    ...sealed.flatMap(({ path, sizeBytes, sha256 }) => {
      const now = byPath.get(path);
      if (!now) return [{ path, what: 'it is missing' }];
      if (now.sha256 === sha256 && now.sizeBytes === sizeBytes) return [];
      const sizes = now.sizeBytes === sizeBytes ? '' : ` and ${sizeBytes} bytes`;
      return [{ path, what: `it was changed: sealed with sha256 ${sha256}${sizes}, now ${now.sha256}` }];
    }),
    ...actual
      .filter(({ path }) => !sealedPaths.has(path))
      .map(({ path }) => ({ path, what: 'it was added: the manifest does not name it' })),
  ];
}

/** Why the statement is not the one that was made over this manifest. */
function statementMistake(
  { attestation, manifest: bytes }: SealBytes,
  key: KeyObject,
  manifest?: Manifest,
): string | undefined {
  const opened = openEnvelope(attestation.toString('utf8'), keyIdOf(key), key);
  if ('mistake' in opened) return opened.mistake;
  const { subject } = JSON.parse(opened.payload.toString('utf8')) as TestResultStatement;
  const sealed = new Map(manifest?.artefacts.map(({ path, sha256 }) => [path, sha256]));
  sealed.set(sealFiles.manifest, sha256(bytes));
  const wrong = subject.find(({ name, digest }: ResourceDescriptor) => sealed.get(name) !== digest.sha256);
  return wrong && `it states another ${wrong.name} than the one that is here`;
}

interface LedgerCheck {
  directory: string;
  seal: SealBytes;
  key: KeyObject | undefined;
  manifest: Manifest | undefined;
  options: VerifyRunOptions;
}

/** Holds the seal against the entry that closed the run, and verifies the ledger that has it. */
async function checkLedger(
  result: Verification,
  { directory, seal, key, manifest, options }: LedgerCheck,
): Promise<void> {
  const { ledgerFolder, ...rest } = options;
  const paths = ledgerPaths(ledgerFolder);
  if (!existsSync(paths.ledger)) {
    const trusted = options.trustedKeyIds ?? (await knownKeys(paths.keys)).map(({ keyId }) => keyId);
    if (key && trusted.length > 0 && !trusted.includes(keyIdOf(key))) {
      result.problems.push({ where: join(directory, sealFiles.publicKey), what: 'it is not a key that is trusted' });
    }
    if (key && trusted.length === 0) result.notChecked.push(`whose key it is: ${keyIdOf(key)} was taken at its word`);
    result.notChecked.push(`the chain: there is no ledger in ${ledgerFolder}`);
    return;
  }
  const ledger = await verifyLedger(paths, { ...rest, ...(manifest && { runId: manifest.runId }) });
  result.problems.push(...ledger.problems);
  result.checked.push(...ledger.checked);
  result.notChecked.push(...ledger.notChecked);
  if (!manifest) return;
  const what = ledger.closed
    ? sealMistake(ledger.closed, { seal, key, manifest })
    : `no entry closes the run ${manifest.runId}`;
  if (what !== undefined) result.problems.push({ where: paths.ledger, what });
}

function sealMistake(
  { index, keyId, run, end }: ClosedEntry,
  { seal, key, manifest }: Pick<LedgerCheck, 'seal' | 'key'> & { manifest: Manifest },
): string | undefined {
  const named = `entry ${index}, which closed run ${run.number},`;
  if (run.number !== manifest.number) return `${named} has another number than the manifest: ${manifest.number}`;
  if (end.seal?.manifestSha256 !== sha256(seal.manifest)) return `${named} sealed another ${sealFiles.manifest}`;
  if (end.seal.attestationSha256 !== sha256(seal.attestation))
    return `${named} sealed another ${sealFiles.attestation}`;
  if (!key || keyId !== keyIdOf(key)) return `${named} was signed by another key than ${sealFiles.publicKey}`;
  return undefined;
}

/** What the ledger knows of a folder without a seal; `undefined` when it knows nothing. */
async function whyNot(directory: string, { ledgerFolder }: VerifyRunOptions): Promise<string | undefined> {
  const paths = ledgerPaths(ledgerFolder);
  if (!existsSync(paths.ledger)) return undefined;
  const { runs } = await readPeriod(paths, { from: new Date(0), to: new Date(8.64e15) });
  const known = runs.findLast(({ run }) => resolve(ledgerFolder, run.folder) === resolve(directory));
  return known && `run ${known.run.number} (${known.run.runId}) without a seal: ${whyUnsealed(known)}`;
}

function notSealed(where: string, actual: string | undefined): DrillError {
  return new DrillError({
    code: 'usage',
    what: 'there is nothing to verify',
    expected: `the folder of a run with a ${sealFiles.manifest}, or of a ledger`,
    ...(actual !== undefined && { actual }),
    where,
  });
}
