import type { PeriodRun } from '../evidence/ledger-period.ts';
import type { QuarterInputs } from './inputs.ts';
import type { DigestChange } from './report.ts';
import { begunAt } from './runs.ts';

interface Seen {
  sha256: string;
  version: string;
}

/**
 * Runbooks and objectives that were changed in the period, by the digests that runs have used: each change with the
 * first run that has the new one. What a runbook is now, and no run has used, comes last.
 */
export function changesOf({ period, ledger, programme }: QuarterInputs): DigestChange[] {
  const runbooks = new Map<string, Seen>();
  const objectives = new Map<string, Seen>();
  const changes: DigestChange[] = [];
  for (const run of ledger.runs) {
    const { name, sha256, version } = run.run.runbook;
    const inPeriod = begunAt(run) >= period.from;
    const runbook = changeOf('runbook', name, runbooks.get(name), { sha256, version }, run);
    runbooks.set(name, { sha256, version });
    if (runbook && inPeriod) changes.push(runbook);
    const criteria = run.end?.figures?.criteriaSha256;
    if (criteria === undefined) continue;
    const key = `${name}, ${run.run.drill}`;
    const objective = changeOf('objectives', key, objectives.get(key), { sha256: criteria, version }, run);
    objectives.set(key, { sha256: criteria, version });
    if (objective && inPeriod) changes.push(objective);
  }
  return [...changes, ...undrilledChanges(programme, runbooks)];
}

function changeOf(
  what: DigestChange['what'],
  name: string,
  before: Seen | undefined,
  after: Seen,
  { run }: PeriodRun,
): DigestChange | undefined {
  if (!before || before.sha256 === after.sha256) return undefined;
  return {
    what,
    name,
    before: before.sha256,
    after: after.sha256,
    ...(what === 'runbook' && { versions: { before: before.version, after: after.version } }),
    run: run.number,
    at: run.startedAt,
  };
}

function undrilledChanges(programme: QuarterInputs['programme'], runbooks: ReadonlyMap<string, Seen>): DigestChange[] {
  const now = new Map(programme.map(({ runbook, runbookSha256 }) => [runbook, runbookSha256]));
  return [...now].flatMap(([name, sha256]): DigestChange[] => {
    const last = runbooks.get(name);
    if (!last || last.sha256 === sha256) return [];
    return [{ what: 'runbook', name, before: last.sha256, after: sha256 }];
  });
}
