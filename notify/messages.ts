import { quickWords } from '../domain/quick.ts';
import type { NightlySummary, SummaryRow } from '../domain/nightly.ts';
import { duration } from '../reports/format.ts';

/** Characters that a text of a Slack block may have is 3,000. */
const longestText = 2_900;
const longestHead = 140;

/** The body for a webhook: verdict, link, and of each drill its verdict and its RTO and RPO against the objectives. */
export function webhookBody(summary: NightlySummary, link: string | undefined): string {
  const { createdAt, verdict, rows, shards, unreadable, flaky } = summary;
  return JSON.stringify({
    schemaVersion: 1,
    event: 'firedrill.nightly',
    createdAt,
    verdict: verdict ?? 'none',
    ...(link !== undefined && { link }),
    ...(shards && { shards }),
    unreadable: unreadable.length,
    drills: rows.map(({ drill, runId, verdict, missing, sabotage, quick, rto, rpo }) => ({
      drill,
      runId,
      verdict,
      missing,
      sabotage,
      quick,
      rto,
      rpo,
      flaky: flaky.some((one) => one.drill === drill),
    })),
    text: headOf(summary),
  });
}

/** The body for an incoming webhook of Slack, or of what understands the same (Mattermost, Rocket.Chat). */
export function slackBody(summary: NightlySummary, link: string | undefined): string {
  const head = headOf(summary);
  const lines = [...silent(summary), ...summary.rows.map(lineOf)].map(escaped);
  const where = link === undefined ? [] : [`<${link}|Reports of the night>`];
  return JSON.stringify({
    text: `${escaped(head)}${link === undefined ? '' : `: ${link}`}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: head.slice(0, longestHead) } },
      ...[shortened(lines), ...where]
        .filter((text) => text !== '')
        .map((text) => ({ type: 'section', text: { type: 'mrkdwn', text } })),
    ],
  });
}

function headOf({ verdict, rows }: NightlySummary): string {
  const green = rows.filter((row) => row.verdict === 'pass').length;
  const word = verdict === undefined ? 'nothing was run' : verdict.toUpperCase();
  return `Nightly drill: ${word}, ${green} of ${rows.length} drills green`;
}

/** What of the night is not known. */
function silent({ shards, unreadable }: NightlySummary): string[] {
  const missing = shards?.missing ?? [];
  return [
    ...(missing.length > 0 ? [`nothing was left by shard ${missing.join(', ')} of ${shards?.count ?? 0}`] : []),
    ...(unreadable.length > 0 ? [`could not be read: ${unreadable.join('; ')}`] : []),
  ];
}

function lineOf({ verdict, drill, missing, sabotage, quick, rto, rpo = [], flaky }: SummaryRow): string {
  const parts = [
    ...(missing === undefined ? [] : [missing]),
    ...(rto ? [`RTO ${duration(rto.totalMs)} of ${duration(rto.targetMs)}`] : []),
    ...rpo.map(({ store, measuredMs, targetMs }) => {
      const measured = measuredMs === undefined ? 'nothing survived' : duration(measuredMs);
      return `RPO ${store} ${measured} of ${duration(targetMs)}`;
    }),
    ...(sabotage === undefined ? [] : [`sabotaged: ${sabotage}`]),
    ...(quick ? [quickWords] : []),
    ...(flaky ? ['flaky'] : []),
  ];
  return `${verdict.toUpperCase()} ${drill}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

/** The three characters that Slack's text gives a meaning to. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Whole lines up to the limit, and how many were left out. */
function shortened(lines: readonly string[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > longestText) return `${kept.join('\n')}\n… and ${lines.length - kept.length} more`;
    kept.push(line);
  }
  return kept.join('\n');
}
