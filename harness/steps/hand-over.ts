import { judgeMaskedCopy, type MaskedCopyObservation } from '../../checks/masking.ts';
import { judgeSmoke } from '../../checks/smoke.ts';
import { rolesInWords } from '../../checks/role-passwords.ts';
import { judgeStagingStores } from '../../checks/staging-stores.ts';
import { judgeCopyWaysOut } from '../../checks/ways-out.ts';
import { askedAt } from '../../domain/finding.ts';
import { largeObjectRule, largeObjects } from '../../domain/masking.ts';
import { serviceRecord } from '../../domain/record.ts';
import { createMaskingPlan } from '../../masking/plan.ts';
import { restoreDatabase } from '../../recovery/restore-database.ts';
import { machineLoad } from '../../smoke/own-delay.ts';
import { apiUrlOf, startApp, stopApp } from '../app.ts';
import { need, stagingStores, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { observeMaskedCopy } from './leaks.ts';
import { maskedCopyName } from '../masked-copy-name.ts';
import { reindex } from '../reindex.ts';
import { observeMaskedStructure } from './masked-structure.ts';
import { maskingPolicy } from './policy.ts';
import { sabotageAt } from '../sabotage.ts';
import { recordWaysOut } from '../ways-out.ts';
import { askProbes } from './probes.ts';
import { observeStagingStores } from './staging-stores.ts';

/** A staging system from the same backup: every row is masked in flight, no unmasked one reaches the new server. */
const maskedCopy: DrillStep = {
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
      largeObjects: masking.largeObjects,
      beforeRows: (client) => masking.beforeRows(client),
      clock,
      progress: context.progress(),
      signal,
    });
    context.state.maskedStructure = await observeMaskedStructure(context);
    await system.prepareEmptyStores({ objects: objects.access, search: search.access });
    context.state.stagingTokens = system.createTokens();
    await system.setCredentials(stagingStores(context), context.state.stagingTokens);
    const { durationMs, rowsLoaded, notRefreshed } = recovery;
    context.state.masked = { durationMs, rowsLoaded, notRefreshed, statistics: masking.statistics() };
    record.services = stack.services().map(serviceRecord);
    context.progress().info(`${rowsLoaded.toLocaleString('en')} rows copied, masked in flight`);
    await sabotageAt(context, 'copied');
  },
};

/** The application on the masked copy: its index rebuilt, every probe asked. */
const smokeOnMaskedCopy: DrillStep = {
  name: 'staging-smoke',
  title: 'Smoke on the masked copy',
  phase: 'hand-over',
  async execute(context) {
    const { system } = context;
    const stack = need(context, 'stack');
    const tokens = need(context, 'stagingTokens');
    const stores = stagingStores(context);
    const apiPort = await stack.freePort();
    // No worker: jobs of the copy must not be carried out a second time.
    const app = await startApp(context, { stores, role: 'staging', tokens, apiPort, worker: false });
    context.state.stagingApp = app;
    try {
      const apiUrl = apiUrlOf(app);
      if (system.reindex) await reindex(context, { ...stores, apiUrl, tokens });
      const findings = judgeSmoke(await askProbes(context, 'staging', apiUrl, tokens), machineLoad());
      context.judge(findings.map((finding) => askedAt('staging', finding)));
      context.judge([judgeStagingStores(await observeStagingStores(context, { apiUrl, tokens }))]);
      context.state.stagingUsed = true;
      await sabotageAt(context, 'copy-used');
    } finally {
      await stopApp(app);
    }
  },
};

/**
 * The leak scanner over the unmasked source, where it must find every canary, and over the copy, where none. The last of
 * the hand-over: what the application has put into the copy and its index is scanned too.
 */
export const leakScan: DrillStep = {
  name: 'leak-scan',
  title: 'Scan for personal data before and after masking',
  phase: 'hand-over',
  async execute(context) {
    const observation = await observeMaskedCopy(context);
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
      `Roles came back with their passwords in production. Roles of the masked copy: ${rolesInWords(observation.rolePasswords)}.`,
    );
    context.judge(findings);
  },
};

/** A masked copy for staging, in the one order that proves something: made, used, scanned. */
export const stagingCopy: readonly DrillStep[] = [maskedCopy, smokeOnMaskedCopy, leakScan];

function recordMasking(context: DrillContext, { before, after, canaries, source }: MaskedCopyObservation): void {
  const { durationMs, rowsLoaded, statistics } = need(context, 'masked');
  const canariesByKind = Object.groupBy(canaries, ({ kind }) => kind);
  context.record.masking = {
    durationMs,
    rowsCopied: rowsLoaded,
    rowsScanned: after.rowsScanned,
    columnsClassified: statistics.columnsClassified,
    rules: statistics.rules,
    largeObjects: {
      objects: source.rows[largeObjects] ?? 0,
      rule: largeObjectRule(context.runbook.masking),
    },
    canariesPlanted: canaries.length,
    canariesFoundBefore: before.canariesFound.length,
    canariesFoundAfter: after.canariesFound.length,
    canariesByKind: Object.fromEntries(Object.entries(canariesByKind).map(([kind, all]) => [kind, all.length])),
    leaks: after.leaks.map(({ detector, place, count }) => ({ detector, place, count })),
  };
}
