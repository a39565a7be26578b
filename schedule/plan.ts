import type { Gap, Lot, Reminder, ProofFact, Shard } from '../domain/nightly.ts';
import { nextDrillAt } from '../domain/cadence.ts';
import type { RunbookExercise } from '../domain/runbook.ts';
import { drawLot } from './draw-lot.ts';
import { gapsOf } from './gaps.ts';
import { isGreen, newest } from './last-runs.ts';
import { periodStart } from './period.ts';
import { exercisesOf, type PlannedDrill, type PlannedRunbook } from './programme.ts';
import { reasonsOf } from './reasons.ts';
import { drillsOf } from './shard.ts';

export interface PlanInput {
  drills: readonly PlannedDrill[];
  runbooks: readonly PlannedRunbook[];
  /** Every run that is known, in any order; those that begin after `now` are left out. */
  records: readonly ProofFact[];
  now: Date;
  /** Absent: one machine runs everything. */
  shard?: Shard;
  /** True: a night on which nothing is due stays empty. */
  dueOnly?: boolean;
}

export interface PlanEntry extends PlannedDrill {
  /** Why it is run tonight; none when it is not due. */
  reasons: string[];
  /** It belongs to this shard. */
  mine: boolean;
  lastGreenAt?: string;
  /** When the calendar asks for it; absent when it was never green, or when no exercise names a frequency for it. */
  nextDueAt?: string;
}

export interface NightlyPlan {
  at: string;
  shard?: Shard;
  /** Every drill, by name. */
  entries: PlanEntry[];
  lots: Lot[];
  reminders: Reminder[];
  gaps: Gap[];
}

/**
 * Which drills are run tonight, and why; pure. A drill is due when an exercise of its runbook asks for it, and as long
 * as its last run was not green. Where nothing at all is due, the drill whose last proof is the oldest is run, so that no
 * night is without one; `dueOnly` leaves that out.
 */
export function planNightly({ drills, runbooks, records, now, shard, dueOnly = false }: PlanInput): NightlyPlan {
  const runs = records.filter(({ startedAt }) => Date.parse(startedAt) <= now.getTime());
  const names = new Set(drills.map(({ name }) => name));
  const lots = runbooks.flatMap((runbook) => lotsOf(runbook, names, now));
  const ours = shard ? drillsOf(shard, [...names]) : names;
  const entries = drills
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map((drill) => entryOf(drill, { runbooks, runs, now, lots, mine: ours.has(drill.name) }));
  if (!dueOnly) renewOldestProof(entries);
  return {
    at: now.toISOString(),
    ...(shard && { shard }),
    entries,
    lots,
    reminders: runbooks.flatMap((runbook) => remindersOf(runbook, now)),
    gaps: runbooks.flatMap((runbook) => gapsOf(runbook, { drills, runs, now })),
  };
}

/** The drills that this machine runs tonight. */
export function toRun({ entries }: NightlyPlan): PlanEntry[] {
  return entries.filter(({ reasons, mine }) => mine && reasons.length > 0);
}

interface Known {
  runbooks: readonly PlannedRunbook[];
  runs: readonly ProofFact[];
  now: Date;
  lots: readonly Lot[];
  mine: boolean;
}

function entryOf(drill: PlannedDrill, { runbooks, runs, now, lots, mine }: Known): PlanEntry {
  const runbook = runbooks.find(({ name }) => name === drill.runbook);
  const own = runs.filter((run) => run.drill === drill.name);
  const lastGreen = newest(own.filter(isGreen));
  const exercises = runbook ? exercisesOf(runbook) : [];
  const nextDueAt = lastGreen && nextDue(exercises, drill.scenario, lastGreen);
  const drawn = lots.filter((lot) => lot.runbook === drill.runbook && lot.drill === drill.name);
  return {
    ...drill,
    mine,
    reasons: runbook ? reasonsOf(drill, { runbook, exercises, runs: own, now, lots: drawn }) : [],
    ...(lastGreen && { lastGreenAt: lastGreen.startedAt }),
    ...(nextDueAt !== undefined && { nextDueAt }),
  };
}

function nextDue(exercises: readonly RunbookExercise[], scenario: string, lastGreen: ProofFact): string | undefined {
  return exercises
    .filter((exercise) => exercise.kind === 'scenarios')
    .filter(({ scenarios }) => scenarios === undefined || scenarios.includes(scenario))
    .map(({ frequency }) => nextDrillAt(new Date(lastGreen.startedAt), frequency))
    .toSorted()[0];
}

function lotsOf(runbook: PlannedRunbook, drills: ReadonlySet<string>, now: Date): Lot[] {
  return exercisesOf(runbook)
    .filter((exercise) => exercise.kind === 'random-scenario')
    .flatMap(({ frequency }) => drawLot(runbook, drills, { frequency, now }) ?? []);
}

function remindersOf(runbook: PlannedRunbook, now: Date): Reminder[] {
  return exercisesOf(runbook)
    .filter((exercise) => exercise.kind === 'tabletop')
    .map(({ frequency, title }) => {
      const from = periodStart(now, frequency);
      const until = nextDrillAt(new Date(from), frequency).slice(0, 10);
      return { runbook: runbook.name, title, from, until };
    });
}

function renewOldestProof(entries: readonly PlanEntry[]): void {
  if (entries.some(({ reasons }) => reasons.length > 0)) return;
  const [oldest] = entries.toSorted((one, other) => ((one.lastGreenAt ?? '') < (other.lastGreenAt ?? '') ? -1 : 1));
  oldest?.reasons.push(`nothing is due; its proof of ${(oldest.lastGreenAt ?? 'never').slice(0, 10)} is the oldest`);
}
