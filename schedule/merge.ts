import { DrillError } from '../domain/drill-error.ts';
import type { Flakiness, NightlySummary, RunFact, SummaryRow } from '../domain/nightly.ts';
import { flakinessOf } from './flakiness.ts';
import { factOf, type FoundRecord } from './read-records.ts';
import { judged } from './summarise.ts';
import { missingRow, rowOf } from './summary-row.ts';

/** What one machine has left. */
export interface Source {
  /** Its folder. */
  name: string;
  records: readonly FoundRecord[];
  unreadable: readonly string[];
  /** Its `summary.json`, where it has one. */
  summary?: NightlySummary;
}

/**
 * One summary of what several machines have left. The same run twice is one; two records of one run id that differ are a
 * `DrillError` (`usage`). Red are also: a record of theirs that cannot be read, a drill that a machine has begun and left no record of, and a machine of which
 * there is nothing although the others name their number.
 */
export function mergeSources(
  sources: readonly Source[],
  { now, known }: { now: Date; known: readonly RunFact[] },
): NightlySummary {
  const found = uniqueRecords(sources);
  const summaries = [
    ...new Map(
      sources.flatMap(({ summary, name }) => (summary ? [[JSON.stringify(summary), { summary, name }]] : [])),
    ).values(),
  ];
  const rows = [
    ...found.map(({ source, record }) => rowOf(record, source)),
    ...summaries.flatMap(({ summary, name }) => lostRows(summary, name, found)),
  ];
  const shards = shardsOf(summaries.map(({ summary }) => summary));
  const facts = [...known, ...found.map(({ record }) => factOf(record))];
  const all = summaries.map(({ summary }) => summary);
  const flaky = unique<Flakiness>([...all.flatMap((summary) => summary.flaky), ...flakinessOf(facts)]);
  const ran = new Set(rows.map(({ drill }) => drill));
  return {
    schemaVersion: 1,
    createdAt: now.toISOString(),
    ...(shards && { shards }),
    ...judged(rows.toSorted(byDrillAndTime), flaky),
    ...(isIncomplete(sources, shards) && { verdict: 'fail' }),
    notDue: unique(all.flatMap((summary) => summary.notDue)).filter(({ drill }) => !ran.has(drill)),
    lots: unique(all.flatMap((summary) => summary.lots)),
    reminders: unique(all.flatMap((summary) => summary.reminders)),
    gaps: unique(all.flatMap((summary) => summary.gaps)),
    unreadable: unique([...sources.flatMap(({ unreadable }) => unreadable), ...all.flatMap((one) => one.unreadable)]),
  };
}

type Found = FoundRecord & { source: string };

/** Something that a machine ran may be in none of the rows: then nobody can say that the night was green. */
function isIncomplete(sources: readonly Source[], shards: NightlySummary['shards']): boolean {
  return (shards?.missing.length ?? 0) > 0 || sources.some(({ unreadable }) => unreadable.length > 0);
}

function uniqueRecords(sources: readonly Source[]): Found[] {
  const byRun = new Map<string, Found>();
  for (const { name, records } of sources) {
    for (const found of records) {
      const before = byRun.get(found.record.runId);
      if (before && contentOf(before) !== contentOf(found)) throw differ(before, { ...found, source: name });
      if (!before) byRun.set(found.record.runId, { ...found, source: name });
    }
  }
  return [...byRun.values()];
}

/** Members that this version does not know are compared, too; how the text is laid out is not. */
function contentOf({ text }: FoundRecord): string {
  return JSON.stringify(JSON.parse(text));
}

function differ(one: Found, other: Found): DrillError {
  return new DrillError({
    code: 'usage',
    what: `two records of the run ${one.record.runId} differ`,
    expected: 'one record of each run',
    where: `${one.source}/${one.file} and ${other.source}/${other.file}`,
  });
}

/**
 * Rows of a machine's own summary that no record stands for. A night that broke off names all its drills as missing; those
 * that it has played since then have their records.
 */
function lostRows({ rows, createdAt }: NightlySummary, source: string, found: readonly Found[]): SummaryRow[] {
  return rows.flatMap(({ drill, missing, runId }) => {
    const stands = found.some(
      (one) =>
        one.record.runId === runId ||
        (missing !== undefined &&
          one.source === source &&
          one.record.drill === drill &&
          one.record.startedAt >= createdAt),
    );
    const gone = `its summary names the run ${runId ?? 'unknown'}, the record is not there`;
    return stands ? [] : [missingRow(drill, source, missing ?? gone)];
  });
}

function shardsOf(summaries: readonly NightlySummary[]): NightlySummary['shards'] {
  const sharded = summaries.flatMap(({ shard, shards }) => [
    ...(shard ? [{ found: [shard.index], count: shard.count }] : []),
    ...(shards ? [shards] : []),
  ]);
  const [first] = sharded;
  if (!first) return undefined;
  const counts = unique(sharded.map(({ count }) => count));
  if (counts.length > 1) {
    throw new DrillError({
      code: 'usage',
      what: 'the machines do not share one night',
      expected: 'shards of one number',
      actual: counts.join(', '),
    });
  }
  const found = unique(sharded.flatMap((shard) => shard.found)).toSorted((one, other) => one - other);
  const missing = Array.from({ length: first.count }, (_, place) => place + 1).filter(
    (index) => !found.includes(index),
  );
  return { found, missing, count: first.count };
}

function byDrillAndTime(one: SummaryRow, other: SummaryRow): number {
  return one.drill.localeCompare(other.drill) || (one.startedAt ?? '').localeCompare(other.startedAt ?? '');
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
