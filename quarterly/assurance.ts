import type { ApplicableVerdict } from '../domain/verdict.ts';
import type { QuarterInputs, RecordFacts } from './inputs.ts';
import type { ControlsAssurance, MaskingAssurance, QuarterlyReport } from './report.ts';
import { hasJudged, isIn, outcomeOf } from './runs.ts';

/** Negative controls of the period: what was sabotaged on purpose, and whether the checks saw it. */
export function controlsOf({ period, ledger, records }: QuarterInputs): ControlsAssurance {
  const runs = ledger.runs.filter((run) => isIn(period, run) && hasJudged(run));
  const played = runs.filter((run) => (run.end?.figures?.controls.planned ?? 0) > 0);
  const total = { planned: 0, caught: 0 };
  for (const { end } of played) {
    total.planned += end?.figures?.controls.planned ?? 0;
    total.caught += end?.figures?.controls.caught ?? 0;
  }
  return {
    ...total,
    runs: played.length,
    without: runs
      .filter((run) => outcomeOf(run) === 'green' && (run.end?.figures?.controls.planned ?? 0) === 0)
      .map(({ run }) => run.number),
    missed: played
      .filter(({ end }) => end?.figures && end.figures.controls.caught < end.figures.controls.planned)
      .map(({ run: { number } }) => ({ run: number, names: records.get(number)?.missedControls ?? [] })),
  };
}

/** What the scans of the masked copies have measured; runs that hand over none are not asked. */
export function maskingOf({ period, ledger, records }: QuarterInputs): QuarterlyReport['masking'] {
  const result: QuarterlyReport['masking'] = { lines: [], notMeasured: [] };
  for (const run of ledger.runs) {
    if (!isIn(period, run) || !hasJudged(run)) continue;
    const { number, drill } = run.run;
    const facts = records.get(number);
    if (facts?.masking) result.lines.push(lineOf(number, drill, facts.masking));
    else if (outcomeOf(run) === 'green' && facts?.maskedCopy !== false) result.notMeasured.push(number);
  }
  return result;
}

function lineOf(run: number, drill: string, masking: NonNullable<RecordFacts['masking']>): MaskingAssurance {
  const { rowsCopied, rowsScanned, columnsClassified, canariesPlanted, canariesFoundBefore, canariesFoundAfter } =
    masking;
  const leaks = masking.leaks.reduce((sum, { count }) => sum + count, 0);
  return {
    run,
    drill,
    rowsCopied,
    rowsScanned,
    columnsClassified,
    canariesPlanted,
    canariesFoundBefore,
    canariesFoundAfter,
    leaks,
    verdict: verdictOf(masking, leaks),
  };
}

/** A scan that has not found every canary where all were proves nothing of the copy. */
function verdictOf(
  {
    canariesPlanted,
    canariesFoundBefore,
    canariesFoundAfter,
    rowsScanned,
  }: Pick<MaskingAssurance, 'canariesPlanted' | 'canariesFoundBefore' | 'canariesFoundAfter' | 'rowsScanned'>,
  leaks: number,
): ApplicableVerdict {
  if (leaks > 0 || canariesFoundAfter > 0) return 'fail';
  const canSee = canariesPlanted > 0 && canariesFoundBefore === canariesPlanted && rowsScanned > 0;
  return canSee ? 'pass' : 'inconclusive';
}
