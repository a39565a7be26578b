import { countControls } from '../domain/control-outcome.ts';
import prettyMilliseconds from 'pretty-ms';
import type { DrillRecord } from '../domain/record.ts';

/** A drill that was to be run: its record, or why there is none. */
export type PlayedDrill = { drill: string; record?: DrillRecord; missing?: string };

/** One line a drill, and the total: verdict, time, RTO against its objective, controls caught. */
export function overviewOf(played: readonly PlayedDrill[], totalMs: number, folder: string): string {
  const width = Math.max(...played.map(({ drill }) => drill.length), 5);
  const lines = played.map(({ drill, record, missing }) => {
    if (!record) return `${'FAIL'.padEnd(12)}  ${drill.padEnd(width)}  ${missing ?? 'left no record'}`;
    const { verdict, durationMs, rto, controls } = record;
    const { caught, applicable } = countControls(controls);
    const recovered = rto ? `RTO ${words(rto.totalMs)} of ${words(rto.targetMs)}` : 'not recovered';
    return [
      verdict.toUpperCase().padEnd(12),
      drill.padEnd(width),
      words(durationMs).padStart(8),
      recovered.padEnd(24),
      `controls ${caught} of ${applicable}`,
    ].join('  ');
  });
  const green = played.filter(({ record }) => record?.verdict === 'pass').length;
  return `${lines.join('\n')}\n\n${green} of ${played.length} drills green in ${words(totalMs)}, reports in ${folder}\n`;
}

function words(durationMs: number): string {
  return prettyMilliseconds(durationMs, { secondsDecimalDigits: 0 });
}
