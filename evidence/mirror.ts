import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import type { Client } from 'minio';
import type { Clock } from '../domain/clock.ts';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { LedgerPaths } from './ledger-paths.ts';
import type { Problem } from './problem.ts';

/** A bucket with object lock, and where in it the ledger goes. */
export interface MirrorTarget {
  client: Client;
  bucket: string;
  /** Put before every key, e.g. `firedrill/`. */
  prefix: string;
  clock: Clock;
}

export interface MirrorResult {
  /** Entries that were sent now; the others were there already. */
  sent: number;
  entries: number;
  /** Entries that the bucket has otherwise, or has and the ledger has not. */
  problems: Problem[];
}

const dayMs = 86_400_000;
const keyWidth = 10;

/**
 * Copies every entry of the ledger that the bucket does not have yet, each as an object of its own that nobody can
 * delete or overwrite until its retention is over (mode COMPLIANCE, which no right can lift). What the bucket has is
 * compared: once mirrored, an entry that was rewritten or removed from the ledger later is told. Probe the bucket first.
 */
export async function mirrorLedger(
  { ledger }: Pick<LedgerPaths, 'ledger'>,
  target: MirrorTarget,
  { retainDays }: { retainDays: number },
): Promise<MirrorResult> {
  const { client, bucket, clock } = target;
  const folder = `${target.prefix}ledger/`;
  const mirrored = await oldestVersions(client, bucket, folder);
  const result: MirrorResult = { sent: 0, entries: 0, problems: [] };
  const retainUntil = new Date(clock.now().getTime() + retainDays * dayMs);
  await lockLast(target, mirrored, retainUntil);
  for await (const line of createInterface({ input: createReadStream(ledger), crlfDelay: Number.POSITIVE_INFINITY })) {
    const key = `${folder}${String(result.entries).padStart(keyWidth, '0')}.json`;
    const where = `${ledger}, line ${result.entries + 1}`;
    const version = mirrored.get(key);
    mirrored.delete(key);
    if (!version) {
      await putLocked(target, key, line, retainUntil);
      result.sent += 1;
    } else if (!(await isContent(target, key, version, line))) {
      result.problems.push({ where, what: `the bucket has another entry: ${key}`, line: result.entries + 1 });
    }
    result.entries += 1;
  }
  for (const key of mirrored.keys()) {
    result.problems.push({
      where: ledger,
      what: `an entry that the bucket has is missing: ${key}`,
      line: result.entries,
    });
  }
  return result;
}

/** Puts an object and locks its version. The client cannot do both in one request: a crash between leaves it unlocked. */
export async function putLocked(
  { client, bucket }: Pick<MirrorTarget, 'client' | 'bucket'>,
  key: string,
  text: string,
  retainUntil: Date,
): Promise<string> {
  const meta = { 'Content-Type': 'application/json' };
  const { versionId } = await client.putObject(bucket, key, text, Buffer.byteLength(text), meta);
  if (versionId) {
    await lock({ client, bucket }, key, versionId, retainUntil);
    return versionId;
  }
  throw new DrillError({
    code: 'configuration',
    what: 'the bucket cannot keep a mirror',
    expected: 'a bucket with object lock, which gives a version to each object',
    actual: 'no version',
    where: `${bucket}/${key}`,
  });
}

async function lock(
  { client, bucket }: Pick<MirrorTarget, 'client' | 'bucket'>,
  key: string,
  versionId: string,
  retainUntil: Date,
): Promise<void> {
  const mode = 'COMPLIANCE' as const;
  await client.putObjectRetention(bucket, key, { mode, versionId, retainUntilDate: retainUntil.toISOString() });
}

/** Locks the last mirrored entry if a crash has left it unlocked: entries are sent in order, so it can only be that one. */
async function lockLast(
  target: MirrorTarget,
  mirrored: ReadonlyMap<string, Version>,
  retainUntil: Date,
): Promise<void> {
  const last = [...mirrored.entries()].toSorted(([one], [other]) => one.localeCompare(other)).at(-1);
  if (!last) return;
  const [key, { versionId }] = last;
  const retention = await target.client.getObjectRetention(target.bucket, key, { versionId }).catch(() => undefined);
  if (retention?.mode === undefined) await lock(target, key, versionId, retainUntil);
}

interface Version {
  versionId: string;
  etag: string;
  lastModified: Date;
}

/** The oldest version of each object: another can be put over it, or a delete marker, but what was locked stays below. */
async function oldestVersions(client: Client, bucket: string, prefix: string): Promise<Map<string, Version>> {
  const oldest = new Map<string, Version>();
  try {
    for await (const item of client.listObjects(bucket, prefix, true, { IncludeVersion: true })) {
      const { name, isDeleteMarker, ...version } = item as unknown as Version & {
        name?: string;
        isDeleteMarker?: boolean;
      };
      if (name === undefined || isDeleteMarker === true) continue;
      const known = oldest.get(name);
      if (!known || version.lastModified < known.lastModified) oldest.set(name, version);
    }
  } catch (cause) {
    throw new DrillError({
      code: 'service-unreachable',
      what: 'the bucket of the mirror cannot be listed',
      actual: messageOf(cause),
      where: `${bucket}/${prefix}`,
      cause,
    });
  }
  return oldest;
}

/** Whether a version is this text: by its ETag, which is the MD5 where the store does not encrypt, else by reading it. */
async function isContent(
  { client, bucket }: MirrorTarget,
  key: string,
  { etag, versionId }: Version,
  text: string,
): Promise<boolean> {
  if (etag === createHash('md5').update(text).digest('hex')) return true;
  return (await buffer(await client.getObject(bucket, key, { versionId }))).toString() === text;
}
