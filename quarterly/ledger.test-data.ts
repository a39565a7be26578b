import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrillRecord } from '../domain/record.ts';
import { newRun, steppingClock } from '../evidence/ledger.test-data.ts';
import { beginEvidence } from '../evidence/run-evidence.ts';
import { sampleRecord } from '../reports/sample-records.test-data.ts';

/** Where the ledger of these tests is. */
export const ledgerIn = (folder: string): string => join(folder, 'ledger');

/** A run of the ledger in `folder`, with a sealed folder and a record that is green or has a red check. */
export async function playRun(
  folder: string,
  runId: string,
  startedAt: string,
  sample: 'passing' | 'failing' = 'passing',
): Promise<{ number: number; directory: string }> {
  const run = { ...newRun(folder, runId), startedAt };
  const evidence = await beginEvidence(ledgerIn(folder), run, { clock: steppingClock(startedAt), say: () => {} });
  const { sabotage: _, ...record } = { ...sampleRecord(sample), runId, startedAt } satisfies DrillRecord;
  await mkdir(run.directory, { recursive: true });
  await writeFile(join(run.directory, 'drill.json'), `${JSON.stringify(record)}\n`);
  await evidence.close(record);
  return { number: evidence.number, directory: run.directory };
}

/** A run that failed before it had a record. */
export async function failRun(folder: string, runId: string, startedAt: string, reason: string): Promise<void> {
  const run = { ...newRun(folder, runId), startedAt };
  const evidence = await beginEvidence(ledgerIn(folder), run, { clock: steppingClock(startedAt), say: () => {} });
  await evidence.fail(reason);
}
