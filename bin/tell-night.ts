import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../domain/clock.ts';
import { messageOf } from '../domain/drill-error.ts';
import type { NightlySummary } from '../domain/nightly.ts';
import { announce } from '../notify/announce.ts';
import { readConfiguration } from '../notify/configuration.ts';
import { nightlyMarkdown } from '../schedule/markdown.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * Writes the summary of a night (`summary.json`, `summary.md`, the summary of a GitHub job) and tells it to every channel
 * that the environment names, unless it is of a shard; what became of that is in `notifications.json`. Gives the exit
 * code of the verdict, which the telling never changes.
 */
export async function tellNight(summary: NightlySummary, folder: string): Promise<number> {
  const configuration = readConfiguration(process.env);
  const markdown = nightlyMarkdown(summary, configuration.link === undefined ? {} : { link: configuration.link });
  await writeSummary(summary, folder);
  await writeFile(join(folder, 'summary.md'), markdown);
  await toJobSummary(markdown);
  const results = isPart(summary) ? [] : await announce(summary, configuration, { clock: systemClock });
  for (const { channel, outcome, detail } of results) {
    const line = `firedrill: ${channel} ${outcome}${detail === undefined ? '' : `: ${detail}`}\n`;
    (outcome === 'failed' ? process.stderr : process.stdout).write(line);
  }
  await writeFile(join(folder, 'notifications.json'), asJson(results)).catch(
    told('notifications.json was not written'),
  );
  return summary.verdict === undefined ? exitCodes.pass : exitCodes[summary.verdict];
}

/** A shard knows only its part of the night; whoever merges the parts tells it. */
function isPart({ shard }: NightlySummary): boolean {
  return shard !== undefined && shard.count > 1;
}

/** Writes `summary.json` alone: before the first drill with every drill missing, so that a night that dies is red. */
export async function writeSummary(summary: NightlySummary, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'summary.json'), asJson(summary));
}

/** GitHub shows what is in this file on the page of the job. */
async function toJobSummary(markdown: string): Promise<void> {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return;
  await appendFile(file, markdown).catch(told('the summary of the job was not written'));
}

/** What is done about an error that must not cost a night its verdict. */
function told(what: string): (error: unknown) => void {
  return (error) => void process.stderr.write(`firedrill: ${what}: ${messageOf(error)}\n`);
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
