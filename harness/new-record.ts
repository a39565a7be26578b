import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { relative } from 'node:path';
import type { Clock } from '../domain/clock.ts';
import type { DrillRecord } from '../domain/record.ts';
import { wholeSystem, type Runbook } from '../domain/runbook.ts';
import type { EngineName } from '../domain/service.ts';
import type { SystemUnderDrill } from '../domain/system.ts';
import { nextDrillAt } from '../domain/cadence.ts';
import type { DrillDefinition } from './definition.ts';
import { maskedCopyName } from './masked-copy-name.ts';
import type { RunOptions } from './options.ts';
import { quickRows } from './quick.ts';
import { newRunId } from './run-id.ts';
import { projectFolder } from './project.ts';
import { sourceState } from './source-state.ts';

export interface NewRecord {
  definition: DrillDefinition;
  runbook: Runbook;
  system: SystemUnderDrill;
  engine: EngineName;
  options: RunOptions;
  clock: Clock;
}

/** The record of a run that has not done anything yet: what is to be proved is written down before it is tried. */
export async function newRecord({
  definition,
  runbook,
  system,
  engine,
  options,
  clock,
}: NewRecord): Promise<DrillRecord> {
  const startedAt = clock.now();
  const scenario = runbook.scenarios[definition.scenario];
  if (!scenario) throw new Error(`the runbook ${runbook.name} has no scenario ${definition.scenario}`);
  const rows = options.rows ?? (options.quick ? Math.min(quickRows, system.defaultRows) : system.defaultRows);
  const { name, title, version, owner, classification, sha256, successCriteria, roles, contacts } = runbook;
  const objectives = [
    ...Object.entries(runbook.services).map(([service, { title, objective }]) => ({ service, title, ...objective })),
    { service: wholeSystem, title: 'Full system', ...runbook.objective },
  ];
  return {
    schemaVersion: 1,
    runId: options.runId ?? newRunId(definition.name, startedAt),
    drill: definition.name,
    runbook: {
      name,
      title,
      version,
      owner,
      classification,
      scenario: definition.scenario,
      file: relative(projectFolder, runbook.file),
      sha256,
    },
    state: 'running',
    verdict: 'inconclusive',
    startedAt: startedAt.toISOString(),
    durationMs: 0,
    ...(!options.quick && { retainUntil: retainUntil(startedAt) }),
    engine,
    services: [],
    environment: {
      firedrill: packageVersion(),
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpus: availableParallelism(),
      memoryBytes: totalmem(),
      ...(await sourceState()),
      schemaSha256: await system.schemaSha256(),
      dataOrigin: 'synthetic',
      seed: options.seed,
      rows,
      rowUnit: system.rowUnit,
      command: commandOf(definition.name, engine, rows, options),
    },
    scope: {
      system: system.title,
      scenario: scenario.title,
      symptoms: scenario.symptoms,
      assumptions: runbook.assumptions,
      successCriteria,
      maskedCopy: definition.handOver.some(({ name }) => name === maskedCopyName),
      criteriaSha256: createHash('sha256').update(JSON.stringify({ objectives, successCriteria })).digest('hex'),
      objectives,
    },
    roles,
    contacts,
    ...(options.sabotage !== undefined && { sabotage: options.sabotage }),
    ...(options.quick && { quick: { reason: 'none were chosen', leftOut: [] } }),
    timeline: [],
    steps: scenario.steps.map(({ id, title, budgetMs, deviation, after, restores }) => ({
      id,
      title,
      status: 'skipped',
      reason: 'the run did not get there',
      ...(budgetMs !== undefined && { budgetMs }),
      ...(deviation !== undefined && { deviation }),
      ...(after && { after }),
      ...(restores !== undefined && { restores }),
    })),
    rpo: [],
    integrity: [],
    smoke: [],
    security: { notes: [] },
    controls: [],
    findings: [],
    errors: [],
    limitations: limitationsOf(system, engine),
    recommendations: [],
    nextDrillAt: nextDrillAt(startedAt, runbook.cadence.frequency),
  };
}

/** Seven years, the longest of the retention periods that auditors ask for. */
function retainUntil(startedAt: Date): string {
  const until = new Date(startedAt);
  until.setUTCFullYear(until.getUTCFullYear() + 7);
  return until.toISOString();
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function commandOf(
  drill: string,
  engine: EngineName,
  rows: number,
  { seed, sabotage, from, fault, quick }: RunOptions,
): string {
  const way = from === undefined ? '' : ` --from ${from}`;
  const chosen = fault === undefined ? '' : ` --fault ${fault}`;
  const played = sabotage === undefined ? '' : ` --sabotage ${sabotage}`;
  const short = quick ? ' --quick' : '';
  return `npx firedrill run ${drill} --engine ${engine} --rows ${rows} --seed ${seed}${way}${chosen}${played}${short}`;
}

function limitationsOf(system: SystemUnderDrill, engine: EngineName): string[] {
  return [
    `The data is synthetic: it was made by the drill for ${system.title}. A real backup may hold what it does not.`,
    engine === 'native'
      ? 'All services ran as local processes of one machine: networks, zones and quotas of a provider were not exercised.'
      : 'All services ran in containers of one machine: networks, zones and quotas of a provider were not exercised.',
    'The decision to recover was taken at once. The time that people need to notice, to meet and to decide is not in the RTO.',
    'Roles, contacts, communication and sign-off are stated as the runbook has them; no machine can prove them.',
    'Masked values follow from row ids, so the copy is pseudonymised, not anonymous.',
    'The leak scanner recognises canaries, e-mail addresses, phone, IBAN and card numbers, and values of the source; a name that is in no canary has no pattern.',
  ];
}
