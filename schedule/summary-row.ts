import { countControls } from '../domain/control-outcome.ts';
import type { SummaryRow } from '../domain/nightly.ts';
import type { DrillRecord } from '../domain/record.ts';
import { mergeVerdicts } from '../domain/verdict.ts';
import { shownVerdict } from '../reports/state.ts';

/** A run as the summary tells it. One that did not finish is never green, nor is a quick one. */
export function rowOf(record: DrillRecord, source: string): SummaryRow {
  const { drill, runId, state, startedAt, durationMs, engine, environment, sabotage, quick, rto, rpo, controls } =
    record;
  const { rows, gitRevision, sourceSha256 } = environment;
  return {
    drill,
    source,
    verdict: quick ? mergeVerdicts([shownVerdict(record), 'inconclusive']) : shownVerdict(record),
    runId,
    state,
    startedAt,
    durationMs,
    engine,
    rows,
    ...(gitRevision !== undefined && { gitRevision }),
    ...(sourceSha256 !== undefined && { sourceSha256 }),
    ...(sabotage !== undefined && { sabotage }),
    ...(quick && { quick: true as const }),
    ...(rto && { rto: { totalMs: rto.totalMs, targetMs: rto.targetMs, verdict: rto.verdict } }),
    rpo: rpo.map(({ store, measuredMs, targetMs, lostWrites, verdict }) => ({
      store,
      ...(measuredMs !== undefined && { measuredMs }),
      targetMs,
      lostWrites,
      verdict,
    })),
    controls: { caught: countControls(controls).caught, planned: countControls(controls).applicable },
  };
}

/** A drill of which there is no record: always red, since nobody knows what became of it. */
export function missingRow(drill: string, source: string, missing: string): SummaryRow {
  return { drill, source, verdict: 'fail', missing };
}
