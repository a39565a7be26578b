import { countControls } from '../domain/control-outcome.ts';
import type { z } from 'zod';
import type { LedgerEnd, LedgerRun } from '../domain/ledger.ts';
import { standInsOf } from '../domain/stand-in.ts';
import { recordSchema } from '../reports/record-schema.ts';
import type { RecordFacts, RedCheck } from './inputs.ts';
import { readParts } from './read-parts.ts';
import { errorIn } from './runs.ts';

/** The parts of a record that a report over many runs needs: to read thousands, the rest is not looked at. */
const partsSchema = recordSchema.pick({
  runId: true,
  from: true,
  chosenFault: true,
  engine: true,
  environment: true,
  retainUntil: true,
  scope: true,
  recoveryPoints: true,
  services: true,
  masking: true,
  security: true,
  controls: true,
  findings: true,
  cleanUp: true,
  errors: true,
});

type Parts = z.output<typeof partsSchema>;

/** The facts of the record in a run's folder, or why it cannot be used. */
export async function readRecordFacts(
  directory: string,
  run: Pick<LedgerRun, 'runId'>,
  end: Pick<LedgerEnd, 'seal'>,
): Promise<RecordFacts | { why: string }> {
  const read = await readParts(partsSchema, { directory, run, end });
  return 'why' in read ? read : factsOf(read.parts);
}

/** What a report over many runs takes from a record. */
function factsOf(parts: Parts): RecordFacts {
  const { from, chosenFault, retainUntil, recoveryPoints, masking, scope, security, controls } = parts;
  const { engine, environment, services } = parts;
  const { gitRevision, sourceSha256, rows, schemaSha256 } = environment;
  return {
    setting: {
      engine,
      rows,
      ...(gitRevision !== undefined && { gitRevision }),
      ...(sourceSha256 !== undefined && { sourceSha256 }),
      ...(schemaSha256 !== undefined && { schemaSha256 }),
    },
    ...(from !== undefined && { from }),
    ...(chosenFault !== undefined && { chosenFault }),
    ...(retainUntil !== undefined && { retainUntil }),
    ...(recoveryPoints && { recoveryPoints }),
    standIns: standInsOf(services),
    // Records of before there were drills without a copy do not say it: all of them had one.
    maskedCopy: scope.maskedCopy !== false,
    ...(masking && { masking }),
    ...(security.credentialsReset !== undefined && { credentialsReset: security.credentialsReset }),
    ...(security.sessionsCleared !== undefined && { sessionsCleared: security.sessionsCleared }),
    missedControls: countControls(controls).missed.map(({ name }) => name),
    red: redChecks(parts),
  };
}

/** Each check that failed, once; errors and controls that were not caught where no check speaks of them. */
function redChecks({ findings, errors, controls, cleanUp }: Parts): RedCheck[] {
  const failed = findings.filter(({ verdict }) => verdict === 'fail');
  const speaksOf = (check: string): boolean => failed.some((finding) => finding.check === check);
  const missed = countControls(controls).missed.map(({ name }) => name);
  const left = cleanUp?.verdict === 'fail' ? cleanUp.left.length : 0;
  const red: RedCheck[] = [
    ...failed.map(({ check, expected, actual }) => ({ check, expected, actual })),
    ...errors.map(({ phase, message }) => ({ check: `${errorIn}${phase}`, expected: 'no error', actual: message })),
    ...(missed.length > 0 && !speaksOf('controls')
      ? [{ check: 'controls', expected: 'every control caught', actual: `not caught: ${missed.join(', ')}` }]
      : []),
    ...(left > 0 && !speaksOf('clean-up')
      ? [{ check: 'clean-up', expected: 'nothing left', actual: `${left} left` }]
      : []),
  ];
  return [...new Map(red.toReversed().map((one) => [one.check, one])).values()].toReversed();
}
