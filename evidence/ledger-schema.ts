import { z } from 'zod';
import type { LedgerEntry } from '../domain/ledger.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso.datetime();
const count = z.int().min(0);
const verdict = z.enum(['pass', 'fail', 'inconclusive']);

const position = {
  schemaVersion: z.literal(1),
  index: count,
  at: instant,
  previous: digest,
  runs: count,
  open: z.array(z.int().min(1)),
  keyId: digest,
};

const run = z.strictObject({
  number: z.int().min(1),
  runId: z.string().min(1),
  drill: z.string().min(1),
  scenario: z.string(),
  runbook: z.strictObject({ name: z.string(), version: z.string(), sha256: digest }),
  engine: z.string(),
  startedAt: instant,
  folder: z.string(),
});

const figures = z.strictObject({
  durationMs: z.number(),
  rtoMs: z.number().exactOptional(),
  rtoTargetMs: z.number().exactOptional(),
  rpo: z.array(
    z.strictObject({ store: z.string(), measuredMs: z.number().exactOptional(), targetMs: z.number(), verdict }),
  ),
  controls: z.strictObject({ planned: count, caught: count }),
  criteriaSha256: z.string(),
  sourceSha256: digest.exactOptional(),
  sabotage: z.string().exactOptional(),
  quick: z.literal(true).exactOptional(),
});

const end = z.strictObject({
  state: z.enum(['finished', 'interrupted', 'failed', 'aborted']),
  verdict,
  finishedAt: instant.exactOptional(),
  figures: figures.exactOptional(),
  seal: z.strictObject({ manifestSha256: digest, attestationSha256: digest, artefacts: count }).exactOptional(),
  reason: z.string().exactOptional(),
});

/** Shape of an entry. Strict: a member that is not known here was not written by this version. */
export const ledgerEntrySchema: z.ZodType<LedgerEntry> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('opened'), ...position, publicKey: z.string() }),
  z.strictObject({
    kind: z.literal('begun'),
    ...position,
    run,
    holder: z.strictObject({ host: z.string(), pid: z.int(), started: z.string().exactOptional() }),
  }),
  z.strictObject({ kind: z.literal('closed'), ...position, run, end }),
  z.strictObject({ kind: z.literal('rotated'), ...position, nextKeyId: digest, publicKey: z.string() }),
  z.strictObject({ kind: z.literal('repaired'), ...position, dropped: z.base64() }),
]);
