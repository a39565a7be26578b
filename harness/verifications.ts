import { judgeIntegrity } from '../checks/integrity.ts';
import { exceptLeftEmpty } from '../checks/left-empty.ts';
import { judgeObjectsBackup } from '../checks/objects-backup.ts';
import { judgeSearchBackup } from '../checks/search-backup.ts';
import type { Finding } from '../domain/finding.ts';
import type { DatabaseContent } from '../domain/recovery.ts';
import type { SearchRestorePoint } from '../domain/search-backup.ts';
import type { Probe, ProbeObservation } from '../domain/smoke.ts';
import type { Tokens } from '../domain/system.ts';
import type { ObjectsRestorePoint } from '../recovery/objects-manifest.ts';
import { verifySearchBackup } from '../recovery/search-verify.ts';
import { verifyObjectsBackup } from '../recovery/verify-objects-backup.ts';
import { runSmoke } from '../smoke/run-smoke.ts';
import { need, type DrillContext } from './context.ts';

/*
 * What a step and its controls share: a control that went another way than the drill would say nothing of the drill.
 */

/** Holds a database against what was known of it, but for the views that its restore has left empty. */
export async function holdDatabase(
  expected: DatabaseContent,
  observe: () => Promise<DatabaseContent>,
  notRefreshed: readonly string[] = [],
): Promise<{ findings: Finding[]; actual: DatabaseContent }> {
  const actual = await observe();
  const findings = judgeIntegrity(exceptLeftEmpty(expected, notRefreshed), exceptLeftEmpty(actual, notRefreshed));
  return { findings, actual };
}

/** Sends the probes to an address, and observes beside them how long the harness itself was held up. */
export async function sendProbes(
  { clock, signal, state: { ownDelay } }: DrillContext,
  { apiUrl, probes, tokens }: { apiUrl: string; probes: readonly Probe[]; tokens: Tokens },
): Promise<ProbeObservation[]> {
  return runSmoke(apiUrl, probes, tokens, { signal, clock, ownDelay });
}

/** Reads every content of a backup of the objects back. */
export async function holdObjectsBackup(context: DrillContext, restorePoint: ObjectsRestorePoint): Promise<Finding> {
  const verification = await verifyObjectsBackup({
    restorePoint,
    store: need(context, 'stack').backups.access,
    identity: need(context, 'ageIdentity'),
    signal: context.signal,
  });
  return judgeObjectsBackup(verification);
}

/** Brings a backup of the search server up in a server of its own, which is kept for a later look where there is one. */
export async function holdSearchBackup(context: DrillContext, restorePoint: SearchRestorePoint) {
  const { backups, folder } = need(context, 'stack');
  const observation = await verifySearchBackup({
    restorePoint,
    store: backups.access,
    identity: need(context, 'ageIdentity'),
    folder,
    signal: context.signal,
  });
  return { finding: judgeSearchBackup(restorePoint.manifest, observation), holding: observation.holding };
}
