import type { NightlyPlan } from './plan.ts';

/** The plan for a terminal: a line a drill, then what was drawn, what people have to do, and the gaps. */
export function planText({ entries, shard, lots, reminders, gaps }: NightlyPlan): string {
  const width = Math.max(5, ...entries.map(({ name }) => name.length));
  const lines = entries.map(({ name, reasons, mine, nextDueAt }) => {
    const next = nextDueAt === undefined ? 'no date' : `next on ${nextDueAt.slice(0, 10)}`;
    const words = reasons.length > 0 ? reasons.join('; ') : next;
    return `${stateOf(reasons, mine).padEnd(14)}  ${name.padEnd(width)}  ${words}`;
  });
  return [
    ...(shard ? [`shard ${shard.index} of ${shard.count}`] : []),
    ...lines,
    ...lots.map(
      (lot) => `drawn by lot for the period from ${lot.period}, seed ${lot.seed}: ${lot.runbook}, ${lot.scenario}`,
    ),
    ...reminders.map(({ runbook, title, from, until }) => `reminder from ${from} until ${until}: ${runbook}, ${title}`),
    ...gaps.map(({ runbook, scenario, drill, what }) => `gap: ${runbook}, ${scenario} (${drill}): ${what}`),
    '',
  ].join('\n');
}

function stateOf(reasons: readonly string[], mine: boolean): string {
  if (reasons.length === 0) return 'not due';
  return mine ? 'due' : 'due elsewhere';
}
