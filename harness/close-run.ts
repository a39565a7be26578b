import { join } from 'node:path';
import { systemClock, type Clock } from '../domain/clock.ts';
import type { DrillRecord } from '../domain/record.ts';
import { mergeVerdicts } from '../domain/verdict.ts';
import { readIfThere } from '../files/read-if-there.ts';
import { parseRecord } from '../reports/parse-record.ts';
import { begunPhases } from '../reports/state.ts';
import { reportFiles, writeReports } from '../reports/write.ts';
import { removeOrphan } from '../stack/orphans.ts';
import type { DrillDefinition } from './definition.ts';
import type { RunOptions } from './options.ts';
import { playSteps } from './play-run.ts';
import { createRun } from './run.ts';

/** A run whose process is not there (any more), and what ended it in words; `undefined` where nobody asked it to end. */
export interface RunToClose {
  definition: DrillDefinition;
  options: RunOptions & { out: string; runId: string };
  endedBy: string | undefined;
  clock?: Clock;
}

/**
 * Closes a run that its own process has not closed: it was ended before it had begun, or in the middle. What it has left
 * is removed; then there is a record and a report that say so. Gives the record; one that is closed already stays as it is,
 * and `undefined` is given where the run ended by itself before it left any.
 */
export async function closeRun({
  definition,
  options,
  endedBy,
  clock = systemClock,
}: RunToClose): Promise<DrillRecord | undefined> {
  const { out, runId } = options;
  const record = await recordOf(out, runId);
  if (record && record.state !== 'running') return record;
  const left = await removeOrphan({ runId });
  if (record) {
    const what = endedBy === undefined ? 'the process of the drill ended' : `the run was ended by ${endedBy}`;
    const phase = begunPhases(record).at(-1) ?? 'start';
    Object.assign(record, {
      state: endedBy === undefined ? 'failed' : 'interrupted',
      verdict: mergeVerdicts([...record.findings.map(({ verdict }) => verdict), 'inconclusive']),
      finishedAt: clock.now().toISOString(),
      cleanUp: {
        verdict: left.length === 0 ? 'pass' : 'fail',
        left: left.map(({ kind, name }) => ({ kind, name })),
      },
    } satisfies Partial<DrillRecord>);
    record.errors.push({ phase, code: 'interrupted', message: `${what} before its end` });
    await writeReports(out, record);
    return record;
  }
  if (endedBy === undefined) return undefined;
  const run = await createRun(definition, options, { print: () => undefined, clock });
  run.interrupt(endedBy);
  await playSteps(run);
  return recordOf(out, runId);
}

/** The record of this run, where it has left one; one of an earlier run in the same folder is not taken for it. */
async function recordOf(out: string, runId: string): Promise<DrillRecord | undefined> {
  const file = join(out, reportFiles.record);
  const text = await readIfThere(file);
  const record = text && parseRecord(text.toString('utf8'), file);
  return record?.runId === runId ? record : undefined;
}
