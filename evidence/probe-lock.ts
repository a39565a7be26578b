import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { messageOf } from '../domain/drill-error.ts';
import { finding, type Finding } from '../domain/finding.ts';
import { putLocked, type MirrorTarget } from './mirror.ts';

/** The probe must outlive the attempts on it, and nothing is to be kept for longer. */
const probeMs = 60_000;

/**
 * Tries what an object lock must refuse, on an object of its own: deleting it by its version, with the right to bypass
 * too, and shortening its retention; and that the same credentials may delete what is not locked. A bucket's setting is not asked, since it says nothing of how the store acts. All
 * green means that the bucket can hold evidence. The probe stays until its minute is over; earlier probes are removed.
 */
export async function probeObjectLock(target: MirrorTarget): Promise<Finding[]> {
  const { client, bucket, prefix, clock } = target;
  await removeOldProbes(target);
  const key = `${prefix}probe/${randomUUID()}`;
  const retainUntil = new Date(clock.now().getTime() + probeMs);
  const until = { mode: 'COMPLIANCE' as const };
  let versionId: string;
  try {
    versionId = await putLocked(target, key, key, retainUntil);
  } catch (error) {
    return [lockFinding('put', 'an object that is locked', messageOf(error), false)];
  }
  const sooner = new Date(clock.now().getTime() + probeMs / 4).toISOString();
  const attempts: [string, string, () => Promise<unknown>][] = [
    ['delete', 'deleting a locked version is refused', () => client.removeObject(bucket, key, { versionId })],
    [
      'delete-bypass',
      'deleting a locked version with the right to bypass is refused',
      () => client.removeObject(bucket, key, { versionId, governanceBypass: true }),
    ],
    [
      'shorten',
      'shortening the retention is refused',
      () => client.putObjectRetention(bucket, key, { ...until, versionId, retainUntilDate: sooner }),
    ],
    [
      'shorten-bypass',
      'shortening the retention with the right to bypass is refused',
      () =>
        client.putObjectRetention(bucket, key, {
          ...until,
          versionId,
          retainUntilDate: sooner,
          governanceBypass: true,
        }),
    ],
  ];
  const findings: Finding[] = [await mayDelete(target)];
  for (const [name, expected, attempt] of attempts) {
    const refusal = await attempt().then(() => undefined, codeAndMessage);
    findings.push(lockFinding(name, expected, refusal ?? 'it was done', refusal !== undefined));
  }
  // A store that refuses everything, for want of rights or because it is gone, has not shown that it keeps anything.
  const kept = await client.getObject(bucket, key, { versionId }).then(buffer, codeAndMessage);
  const isKept = typeof kept !== 'string' && kept.toString() === key;
  const actual = typeof kept === 'string' ? kept : isKept ? 'it can be read' : 'it reads otherwise';
  findings.push(lockFinding('kept', 'after all attempts the version can be read', actual, isKept));
  return findings;
}

/**
 * Whether these credentials may delete a version that is not locked. If not, that they cannot delete a locked one says
 * nothing of the lock: others may have the right. In a bucket that locks everything by default nothing can be said.
 */
async function mayDelete({ client, bucket, prefix }: MirrorTarget): Promise<Finding> {
  const key = `${prefix}probe/${randomUUID()}`;
  const refusal = await client
    .putObject(bucket, key, key)
    .then(({ versionId }) => client.removeObject(bucket, key, { versionId: versionId ?? 'null' }))
    .then(() => undefined, codeAndMessage);
  return finding('object-lock.rights', refusal === undefined, {
    expected: 'a version that is not locked can be deleted',
    actual: refusal ?? 'it was deleted',
    otherwise: 'inconclusive',
    recommendation: 'Probe once with credentials that may delete, so that a refusal is one of the lock.',
  });
}

function lockFinding(name: string, expected: string, actual: string, ok: boolean): Finding {
  return finding(`object-lock.${name}`, ok, {
    expected,
    actual,
    recommendation: 'Make a bucket with object lock enabled from its beginning, in a store that enforces it.',
  });
}

async function removeOldProbes({ client, bucket, prefix }: MirrorTarget): Promise<void> {
  for await (const item of client.listObjects(bucket, `${prefix}probe/`, true, { IncludeVersion: true })) {
    const { name, versionId } = item as unknown as { name?: string; versionId: string };
    // One that is still locked is left for the next time.
    if (name !== undefined) await client.removeObject(bucket, name, { versionId }).catch(() => undefined);
  }
}

function codeAndMessage(error: unknown): string {
  const { code } = error as { code?: string };
  return [code, messageOf(error)].filter(Boolean).join(': ');
}
