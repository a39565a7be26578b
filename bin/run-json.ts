import { countControls } from '../domain/control-outcome.ts';
import { join } from 'node:path';
import type { DrillRecord } from '../domain/record.ts';
import { isRed } from '../domain/verdict.ts';

/** The end of a run for a program: what the exit code alone does not tell, and where the rest is. One line of JSON. */
export function runJson(record: DrillRecord, out: string): string {
  const { runId, sequence, drill, engine, verdict, state, durationMs, rto, rpo, controls, findings, errors } = record;
  return JSON.stringify({
    runId,
    sequence,
    drill,
    engine,
    verdict,
    ...(record.quick && { quick: true, leftOut: record.quick.leftOut }),
    state,
    durationMs,
    ...(rto && { rto: { totalMs: rto.totalMs, targetMs: rto.targetMs, verdict: rto.verdict } }),
    rpo: rpo.map(({ store, measuredMs, targetMs, lostWrites, acknowledged }) => {
      return { store, measuredMs, targetMs, lostWrites, acknowledged };
    }),
    red: findings.filter((finding) => isRed(finding.verdict)),
    errors,
    controls: { caught: countControls(controls).caught, played: countControls(controls).applicable },
    record: join(out, 'drill.json'),
    report: join(out, 'report.html'),
  });
}
