import { sourceWords } from '../domain/source-state.ts';
import type { NightlySummary, SummaryRow } from '../domain/nightly.ts';
import { quickWords } from '../domain/quick.ts';
import { markdownText } from '../reports/escape-markdown.ts';
import { date, duration, instant } from '../reports/format.ts';
import { verdictWords } from './words.ts';

/** The summary of a night in Markdown, as the summary of a CI job shows it. `link`: where the whole of it is. */
export function nightlyMarkdown(summary: NightlySummary, { link }: { link?: string } = {}): string {
  const { rows, flaky, notDue, lots, reminders, gaps, unreadable } = summary;
  return [
    `# Nightly drill: ${verdictWords(summary.verdict)}`,
    opening(summary),
    ...silentMachines(summary),
    ...(link === undefined ? [] : [`[The whole of it](${link})`]),
    ...section(
      '',
      table(['verdict', 'drill', 'who ran it', 'RTO', 'RPO', 'controls', 'time', 'remarks'], rows.map(cellsOf)),
    ),
    ...section(
      'Flaky: red and then green on the same files',
      table(
        ['drill', 'ran on', 'red', 'green'],
        flaky.map((one) => [one.drill, sourceWords(one), one.redRunId, one.greenRunId]),
      ),
    ),
    ...section(
      'Not due',
      table(
        ['drill', 'last green', 'due on'],
        notDue.map((one) => [one.drill, dayOf(one.lastGreenAt), dayOf(one.nextDueAt)]),
      ),
    ),
    ...section(
      'Drawn by lot',
      list(
        lots.map(
          (lot) => `${lot.runbook}, period from ${lot.period}, seed ${lot.seed}: ${lot.scenario} (${lot.drill})`,
        ),
      ),
    ),
    ...section(
      'For people: no machine can tell whether it was done',
      list(reminders.map(({ runbook, title, from, until }) => `${runbook}, from ${from} until ${until}: ${title}`)),
    ),
    ...section(
      'Gaps before this night',
      list(gaps.map(({ runbook, scenario, drill, what }) => `${runbook}, ${scenario} (${drill}): ${what}`)),
    ),
    ...section('Records that could not be read', list(unreadable)),
    '',
  ].join('\n');
}

function opening({ rows, runsMs, shard, shards, createdAt }: NightlySummary): string {
  const green = rows.filter(({ verdict }) => verdict === 'pass').length;
  const machines = shard ? `, shard ${shard.index} of ${shard.count}` : '';
  const merged = shards ? `, shards ${shards.found.join(', ')} of ${shards.count}` : '';
  const count = rows.length === 0 ? 'Nothing was run: nothing was proved' : `${green} of ${rows.length} drills green`;
  return `${count}, ${duration(runsMs)} of drills${machines}${merged}, ${instant(createdAt)}.\n`;
}

/** The machines that have left nothing: what they were to run is not known to work. */
function silentMachines({ shards }: NightlySummary): string[] {
  if (!shards || shards.missing.length === 0) return [];
  return [`**Nothing was left by shard ${shards.missing.join(', ')} of ${shards.count}.**`, ''];
}

function cellsOf(row: SummaryRow): string[] {
  const { drill, source, verdict, engine, rows, durationMs, controls } = row;
  return [
    verdictWords(verdict),
    drill,
    engine === undefined ? source : `${source}: ${engine}, ${rows ?? 0} rows`,
    rtoWords(row),
    rpoWords(row),
    controls ? `${controls.caught} of ${controls.planned}` : '–',
    durationMs === undefined ? '–' : duration(durationMs),
    remarks(row),
  ];
}

/** `5.1 s of 2 h`, with the verdict where it is not green. */
function rtoWords({ rto }: SummaryRow): string {
  if (!rto) return 'not recovered';
  return `${duration(rto.totalMs)} of ${duration(rto.targetMs)}${unlessGreen(rto.verdict)}`;
}

/** A part a store: `database 3.2 s of 15 min, 2 writes lost`. */
function rpoWords({ rpo = [] }: SummaryRow): string {
  if (rpo.length === 0) return 'not measured';
  return rpo
    .map(({ store, measuredMs, targetMs, lostWrites, verdict }) => {
      const measured = measuredMs === undefined ? 'nothing survived' : duration(measuredMs);
      return `${store} ${measured} of ${duration(targetMs)}, ${lostWrites} lost${unlessGreen(verdict)}`;
    })
    .join('; ');
}

function unlessGreen(verdict: SummaryRow['verdict']): string {
  return verdict === 'pass' ? '' : ` (${verdict})`;
}

function remarks({ missing, state, sabotage, quick, flaky }: SummaryRow): string {
  return [
    ...(missing === undefined ? [] : [missing]),
    ...(state === undefined || state === 'finished' ? [] : [`did not finish: ${state}`]),
    ...(sabotage === undefined ? [] : [`sabotaged: ${sabotage}`]),
    ...(quick ? [quickWords] : []),
    ...(flaky ? ['flaky: red and green on the same files'] : []),
  ].join('; ');
}

function dayOf(iso: string | undefined): string {
  return iso === undefined ? '–' : date(iso);
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return title === '' ? [...lines, ''] : [`## ${title}`, '', ...lines, ''];
}

function table(head: readonly string[], rows: readonly string[][]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.map((cells) => line(cells.map((cell) => markdownText(cell, true)))),
  ];
}

function list(items: readonly string[]): string[] {
  return items.map((item) => `- ${markdownText(item)}`);
}
