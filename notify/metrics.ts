import { DrillError } from '../domain/drill-error.ts';
import type { NightlySummary, SummaryRow } from '../domain/nightly.ts';

/** What each metric says, in the order of the file. */
const help = {
  firedrill_last_success_timestamp_seconds: 'When the drill was green last; a red run leaves it as it was.',
  firedrill_last_run_timestamp_seconds: 'When the drill was run last, whatever came of it.',
  firedrill_duration_seconds: 'How long the last run took.',
  firedrill_rto_seconds: 'From the detection to the last green probe, of the last run.',
  firedrill_rto_objective_seconds: 'What that may take.',
  firedrill_rpo_seconds: 'Writes of so long were lost, by store, of the last run.',
  firedrill_rpo_objective_seconds: 'What may be lost.',
  firedrill_verdict: '1 for the verdict of the last run, 0 for the others.',
  firedrill_nightly_last_success_timestamp_seconds: 'When a whole night was green last.',
} as const;
type Metric = keyof typeof help;

/** Values by metric and labels; the labels as they stand in the file, `{drill="x"}`. */
type Samples = Map<Metric, Map<string, number>>;

/**
 * The text of a file for node_exporter's textfile collector (Prometheus text format 0.0.4): `before`, the file as it is
 * now, with the drills of this night brought up to date. Drills that were not run keep their values, and a drill that was
 * not green, or was sabotaged, its last success. A `DrillError` (`configuration`) when the file holds something else.
 */
export function metricsText(before: string, summary: NightlySummary): string {
  const samples = parse(before);
  for (const row of latestOfEach(summary.rows)) update(samples, row, summary.createdAt);
  const sabotaged = summary.rows.some(({ sabotage }) => sabotage !== undefined);
  if (summary.verdict === 'pass' && !sabotaged) {
    set(samples, 'firedrill_nightly_last_success_timestamp_seconds', {}, seconds(summary.createdAt));
  }
  return write(samples);
}

function update(samples: Samples, row: SummaryRow, createdAt: string): void {
  const { drill, verdict, startedAt, durationMs, rto, rpo = [], sabotage } = row;
  for (const [metric, values] of samples) {
    if (metric === 'firedrill_last_success_timestamp_seconds') continue;
    for (const labels of values.keys()) if (drillOf(labels) === labelValue(drill)) values.delete(labels);
  }
  const endedAt = seconds(startedAt ?? createdAt) + (durationMs ?? 0) / 1000;
  if (verdict === 'pass' && sabotage === undefined) {
    set(samples, 'firedrill_last_success_timestamp_seconds', { drill }, endedAt);
  }
  set(samples, 'firedrill_last_run_timestamp_seconds', { drill }, endedAt);
  set(samples, 'firedrill_duration_seconds', { drill }, (durationMs ?? Number.NaN) / 1000);
  set(samples, 'firedrill_rto_seconds', { drill }, (rto?.totalMs ?? Number.NaN) / 1000);
  set(samples, 'firedrill_rto_objective_seconds', { drill }, (rto?.targetMs ?? Number.NaN) / 1000);
  for (const { store, measuredMs, targetMs } of rpo) {
    set(samples, 'firedrill_rpo_seconds', { drill, store }, (measuredMs ?? Number.NaN) / 1000);
    set(samples, 'firedrill_rpo_objective_seconds', { drill, store }, targetMs / 1000);
  }
  for (const each of ['pass', 'fail', 'inconclusive'] as const) {
    set(samples, 'firedrill_verdict', { drill, verdict: each }, each === verdict ? 1 : 0);
  }
}

/** What was not measured has no sample: a NaN would be a value. */
function set(samples: Samples, metric: Metric, labels: Record<string, string>, value: number): void {
  if (Number.isNaN(value)) return;
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${labelValue(text)}"`);
  const values = samples.get(metric) ?? new Map<string, number>();
  samples.set(metric, values.set(pairs.length > 0 ? `{${pairs.join(',')}}` : '', value));
}

function labelValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function drillOf(labels: string): string | undefined {
  return /^\{drill="((?:[^"\\]|\\.)*)"/.exec(labels)?.[1];
}

function latestOfEach(rows: readonly SummaryRow[]): SummaryRow[] {
  const inOrder = rows.toSorted((one, other) => ((one.startedAt ?? '') < (other.startedAt ?? '') ? -1 : 1));
  return [...new Map(inOrder.map((row) => [row.drill, row])).values()];
}

function seconds(iso: string): number {
  return Date.parse(iso) / 1000;
}

function write(samples: Samples): string {
  return (Object.keys(help) as Metric[])
    .filter((metric) => (samples.get(metric)?.size ?? 0) > 0)
    .flatMap((metric) => [
      `# HELP ${metric} ${help[metric]}`,
      `# TYPE ${metric} gauge`,
      ...[...(samples.get(metric) ?? [])]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([labels, value]) => `${metric}${labels} ${value}`),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function parse(text: string): Samples {
  const samples: Samples = new Map();
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [, metric, labels = '', value] = /^([a-z_]+)(\{.*\})? (\S+)$/.exec(line) ?? [];
    const number = Number(value);
    if (metric === undefined || !(metric in help) || value === undefined || Number.isNaN(number)) {
      throw new DrillError({
        code: 'configuration',
        what: 'the file of metrics holds a line that is not from here',
        expected: 'a file of its own',
        where: `line ${index + 1}`,
      });
    }
    const values = samples.get(metric as Metric) ?? new Map<string, number>();
    samples.set(metric as Metric, values.set(labels, number));
  }
  return samples;
}
