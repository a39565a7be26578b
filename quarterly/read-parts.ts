import type { z } from 'zod';
import type { LedgerEnd, LedgerRun } from '../domain/ledger.ts';
import { readSealed } from '../evidence/read-sealed.ts';

/** File of a record in the folder of its run. */
export const recordName = 'drill.json';

/**
 * The parts of the record in a run's folder that a schema names, its run's id among them; or why it cannot be used: it
 * is not there, it is not the one that was sealed when the ledger closed the run, or it is no record.
 */
export async function readParts<Parts extends { runId: string }>(
  schema: z.ZodType<Parts>,
  { directory, run, end }: { directory: string; run: Pick<LedgerRun, 'runId'>; end: Pick<LedgerEnd, 'seal'> },
): Promise<{ parts: Parts } | { why: string }> {
  const sealed = await readSealed(directory, recordName, end);
  if ('why' in sealed) return sealed;
  const parts = parse(schema, sealed.bytes.toString('utf8'));
  if (!parts) return { why: `${recordName} is not a record of schema version 1` };
  return parts.runId === run.runId ? { parts } : { why: `${recordName} is the one of run ${parts.runId}` };
}

function parse<Parts>(schema: z.ZodType<Parts>, text: string): Parts | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
