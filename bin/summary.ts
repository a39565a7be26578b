import { countControls } from '../domain/control-outcome.ts';
import { join, relative } from 'node:path';
import type { DrillRecord } from '../domain/record.ts';
import { isRed } from '../domain/verdict.ts';
import { endingWords } from '../reports/state.ts';
import { inColourOf } from './terminal.ts';
import { standInsOf, standInWords } from '../domain/stand-in.ts';
import { failoverLines, reconciliationLines, serviceLines, sustainedLine } from './summary-parts.ts';
import { shortDuration } from '../reports/format.ts';

/** The end of a run in a few lines: the verdict, what it rests on, and where the report is. */
export function summaryOf(record: DrillRecord, out: string, { commandMs }: { commandMs?: number } = {}): string {
  const { rto, rpo, masking, smoke, controls, findings, errors, state, verdict } = record;
  const red = findings.filter((finding) => isRed(finding.verdict));
  const notApplicable = findings.filter(({ verdict }) => verdict === 'not-applicable').length;
  const lines = [
    `${inColourOf(verdict, verdict.toUpperCase())}  ${record.drill}${state === 'finished' ? '' : ` (${state})`}, ${shortDuration(record.durationMs)}${around(commandMs)}`,
    record.quick && quickLine(record.quick),
    state !== 'finished' && `ended    the run ${endingWords(record)}`,
    record.from !== undefined && `way      ${record.from}`,
    record.chosenFault !== undefined && `fault    ${record.chosenFault}`,
    ...provedOnLine(record),
    rto && `RTO      ${shortDuration(rto.totalMs)} of ${shortDuration(rto.targetMs)}`,
    ...serviceLines(record),
    ...rpo.map(({ store, measuredMs, lostWrites, acknowledged, targetMs, lostFrom = [] }) => {
      const measured = measuredMs === undefined ? 'not measured' : shortDuration(measuredMs);
      if (acknowledged === 0)
        return `RPO      ${store}: ${measured} of ${shortDuration(targetMs)}, no write was acknowledged`;
      const elsewhere = lostFrom
        .filter((part) => part.store !== store && part.writes > 0)
        .map((part) => `, ${part.writes} by the loss in ${part.store}`);
      return `RPO      ${store}: ${measured} of ${shortDuration(targetMs)}, ${lostWrites} of ${acknowledged} acknowledged writes lost${elsewhere.join('')}`;
    }),
    ...reconciliationLines(record),
    ...failoverLines(record),
    masking &&
      `masking  ${masking.canariesFoundBefore} of ${masking.canariesPlanted} canaries found before, ${masking.canariesFoundAfter} after`,
    smoke.length > 0 &&
      `smoke    ${smoke.filter((probe) => probe.verdict === 'pass').length} of ${smoke.length} probes green`,
    ...sustainedLine(record),
    controls.length > 0 && controlsLine(controls),
    notApplicable > 0 &&
      `not applicable: ${notApplicable} of ${findings.length} checks ${notApplicable === 1 ? 'has' : 'have'} nothing to look at here`,
    ...red.map(
      ({ check, verdict, expected, actual }) =>
        `${inColourOf(verdict, verdict.padEnd(8))} ${check}: expected ${expected}, actual ${actual}`,
    ),
    ...errors.map(
      ({ phase, message, heldUp }) => `error    ${phase}: ${message}${heldUp === undefined ? '' : `; ${heldUp}`}`,
    ),
    `report   ${relative(process.cwd(), join(out, 'report.html'))}`,
  ];
  return `\n${lines.filter((line) => typeof line === 'string').join('\n')}\n`;
}

/** A quick run says at once that it is one, and what it owes. */
function quickLine({ reason, leftOut }: NonNullable<DrillRecord['quick']>): string {
  const left = leftOut.length === 0 ? '' : `; ${leftOut.length} controls left out, the others: ${reason}`;
  return `quick    no evidence: small data, a short smoke${left}`;
}

/** What the command took beside the run itself: to start, and to write the reports. */
function around(commandMs: number | undefined): string {
  if (commandMs === undefined) return '';
  return `, ${shortDuration(commandMs)} with start-up and reports`;
}

/** What was a stand-in, and whose data it was: the figures below hold for nothing else. */
function provedOnLine({ services, environment }: DrillRecord): string[] {
  const standIns = standInsOf(services);
  const data = environment.dataOrigin === 'synthetic' ? 'synthetic data' : 'data of a real backup';
  return [
    `on       ${data}${standIns.length === 0 ? '' : `; stand-ins, no evidence for the products: ${standInWords(standIns)}`}`,
  ];
}

function controlsLine(controls: DrillRecord['controls']): string {
  const { caught, applicable, notApplicable } = countControls(controls);
  return `controls caught ${caught} of ${applicable}${notApplicable === 0 ? '' : `, ${notApplicable} not applicable`}`;
}
