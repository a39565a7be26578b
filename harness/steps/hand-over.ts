import { judgeMaskedCopy, type MaskedCopyObservation } from '../../checks/masking.ts';
import { judgeSmoke } from '../../checks/smoke.ts';
import { askedAt } from '../../domain/finding.ts';
import { judgeCopyWaysOut } from '../../checks/ways-out.ts';
import { serviceRecord } from '../../domain/record.ts';
import { createMaskingPlan } from '../../masking/plan.ts';
import { restoreDatabase } from '../../recovery/restore-database.ts';
import { apiUrlOf, startApp, stopApp } from '../app.ts';
import { need, stagingStores, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { observeMaskedCopy, scanSource, scanStaging } from './leaks.ts';
import { maskedCopyName } from '../masked-copy-name.ts';
import { reindex } from '../reindex.ts';
import { maskingPolicy } from './policy.ts';
import { sabotageAt } from '../sabotage.ts';
import { recordWaysOut } from '../ways-out.ts';
import { askProbes } from './probes.ts';

/** A staging system from the same backup: every row is masked in flight, no unmasked one reaches the new server. */
export const maskedCopy: DrillStep = {
  name: maskedCopyName,
  title: 'Make a masked copy for staging',
  phase: 'hand-over',
  async execute(context) {
    const { system, clock, signal, record } = context;
    const stack = need(context, 'stack');
    const [postgres, objects, search] = await Promise.all([
      stack.provision.postgres('staging'),
      stack.provision.objects('staging'),
      stack.provision.search('staging'),
    ]);
    context.state.staging = { postgres, objects, search };
    const masking = createMaskingPlan(maskingPolicy(context));
    const recovery = await restoreDatabase({
      restorePoint: need(context, 'restorePoint'),
      store: stack.backups.access,
      identity: need(context, 'ageIdentity'),
      target: postgres,
      roles: 'without-passwords',
      plan: (shape) => masking.plan(shape),
      beforeRows: (client) => masking.beforeRows(client),
      clock,
      progress: context.progress(),
      signal,
    });
    await system.prepareEmptyStores({ objects: objects.access, search: search.access });
    await system.setCredentials(stagingStores(context), need(context, 'tokens'));
    const { durationMs, rowsLoaded, notRefreshed } = recovery;
    context.state.masked = { durationMs, rowsLoaded, notRefreshed, statistics: masking.statistics() };
    record.services = stack.services().map(serviceRecord);
    context.progress().info(`${rowsLoaded.toLocaleString('en')} rows copied, masked in flight`);
    await sabotageAt(context, 'copied');
  },
};

/** The application on the masked copy: its index rebuilt, every probe asked. */
export const smokeOnMaskedCopy: DrillStep = {
  name: 'staging-smoke',
  title: 'Smoke on the masked copy',
  phase: 'hand-over',
  async execute(context) {
    const { system } = context;
    const stack = need(context, 'stack');
    const tokens = need(context, 'tokens');
    const stores = stagingStores(context);
    // No worker: jobs of the copy must not be carried out a second time.
    const app = await startApp(context, { stores, role: 'staging', apiPort: await stack.freePort(), worker: false });
    context.state.stagingApp = app;
    try {
      const apiUrl = apiUrlOf(app);
      if (system.reindex) await reindex(context, { ...stores, apiUrl, tokens });
      const findings = judgeSmoke(await askProbes(context, 'staging', apiUrl));
      context.judge(findings.map((finding) => askedAt('staging', finding)));
    } finally {
      await stopApp(app);
    }
  },
};

/** The leak scanner over the unmasked source, where it must find every canary, and over the copy, where none. */
export const leakScan: DrillStep = {
  name: 'leak-scan',
  title: 'Scan for personal data before and after masking',
  phase: 'hand-over',
  async execute(context) {
    const source = await scanSource(context);
    const after = await scanStaging(context, source);
    const observation = await observeMaskedCopy(context, source, after);
    const { notRefreshed } = need(context, 'masked');
    const waysOut = await recordWaysOut(context, 'copy', need(context, 'staging').postgres, notRefreshed);
    const findings = [...judgeMaskedCopy(observation), judgeCopyWaysOut(waysOut)];
    recordMasking(context, observation);
    const cleared = findings.find(({ check }) => check === 'masking.cleared');
    const rules = findings.find(({ check }) => check === 'masking.rules');
    context.record.security.sessionsCleared = cleared?.verdict === 'pass';
    context.record.security.credentialsReset = rules?.verdict === 'pass';
    context.record.security.notes.push(
      'Sessions and credentials are those of the masked copy. In the recovered system none was rotated: the scenario does not ask for it.',
      'Roles came back with their passwords in production; the masked copy got its roles without any.',
    );
    context.judge(findings);
  },
};

function recordMasking(context: DrillContext, { before, after, canaries }: MaskedCopyObservation): void {
  const { durationMs, rowsLoaded, statistics } = need(context, 'masked');
  const canariesByKind = Object.groupBy(canaries, ({ kind }) => kind);
  context.record.masking = {
    durationMs,
    rowsCopied: rowsLoaded,
    rowsScanned: after.rowsScanned,
    columnsClassified: statistics.columnsClassified,
    rules: statistics.rules,
    canariesPlanted: canaries.length,
    canariesFoundBefore: before.canariesFound.length,
    canariesFoundAfter: after.canariesFound.length,
    canariesByKind: Object.fromEntries(Object.entries(canariesByKind).map(([kind, all]) => [kind, all.length])),
    leaks: after.leaks.map(({ detector, place, count }) => ({ detector, place, count })),
  };
}
