import { finding, type Finding } from '../domain/finding.ts';
import type {
  MaskedColumnObservation,
  PlaceExtents,
  RolePasswordObservation,
  ScannerProof,
  ScanResult,
} from '../domain/masking.ts';
import type { DatabaseContent } from '../domain/recovery.ts';
import type { Canary } from '../domain/system.ts';
import { evidenceOf } from './integrity-differences.ts';
import { judgeLeaks, judgeScanned, judgeScanner } from './masking-scan.ts';
import { judgeMaskedForeignKeys, judgeMaskedRows } from './masking-structure.ts';
import { judgeRolePasswords } from './role-passwords.ts';

/** Everything that is known of a masked copy and of the source that it was made from. */
export interface MaskedCopyObservation {
  /** The policy held against the columns of the masked database. */
  classified: { columns: number; problems: readonly string[] };
  /** The canaries that were planted. */
  canaries: readonly Canary[];
  /** What the scanner was shown of its own, and what it told of it. */
  scanner: ScannerProof;
  /** The scan of the unmasked data. */
  before: ScanResult;
  /** The scan of the masked copy, once the application has worked on it. */
  after: ScanResult;
  /** How much there was to be read in each of them, indexes included; counted by other means than the scanner. */
  extents: { before: PlaceExtents; after: PlaceExtents };
  /** What the source held: from the backup's manifest. */
  source: Pick<DatabaseContent, 'constraints' | 'indexes'> & { rows: Readonly<Record<string, number>> };
  /** The same, observed in the masked copy. */
  masked: Pick<DatabaseContent, 'constraints' | 'indexes'> & { rows: Readonly<Record<string, number>> };
  /** Tables that the policy clears, by the names that `rows` has. */
  cleared: readonly string[];
  /** Every column under a rule other than `keep`. */
  columns: readonly MaskedColumnObservation[];
  /** The roles of the copy, as they were made and as they are. */
  rolePasswords: readonly RolePasswordObservation[];
}

/** Names of the findings that `judgeMaskedCopy` gives, in its order. */
export const maskingChecks = [
  'masking.classified',
  'masking.scanner',
  'masking.canaries-before',
  'masking.scanned',
  'masking.canaries-after',
  'masking.leaks',
  'masking.rules',
  'masking.rows',
  'masking.cleared',
  'masking.foreign-keys',
  'masking.role-passwords',
] as const;

/** Judges a masked copy: one finding for each of `maskingChecks`, always all of them. */
export function judgeMaskedCopy(observation: MaskedCopyObservation): Finding[] {
  const { canaries, before, after, extents, source, masked, cleared } = observation;
  return [
    judgeClassified(observation.classified),
    judgeScanner(observation.scanner),
    judgeCanariesBefore(canaries, before),
    judgeScanned([
      { name: 'source', extents: extents.before, read: before.read },
      { name: 'copy', extents: extents.after, read: after.read },
    ]),
    judgeCanariesAfter(canaries, after),
    judgeLeaks(after, extents.after),
    judgeMaskedColumns(observation.columns),
    ...judgeMaskedRows(source.rows, masked.rows, cleared),
    judgeMaskedForeignKeys(source, masked),
    judgeRolePasswords(observation.rolePasswords),
  ];
}

/** Every column has a rule that fits it. */
export function judgeClassified({ columns, problems }: MaskedCopyObservation['classified']): Finding {
  return finding('masking.classified', columns > 0 && problems.length === 0, {
    expected: 'every column classified by a rule that fits it',
    actual: problems.length === 0 ? `${columns} columns classified` : `${problems.length} mistakes in the policy`,
    evidence: evidenceOf(problems),
    recommendation: 'Classify the columns in the masking policy of the runbook before a copy is handed over.',
  });
}

/** The scanner finds every canary where it must: else what it does not find afterwards proves nothing. */
function judgeCanariesBefore(canaries: readonly Canary[], before: ScanResult): Finding {
  const found = new Set(before.canariesFound);
  const missed = canaries.filter(({ id }) => !found.has(id));
  return finding('masking.canaries-before', canaries.length > 0 && missed.length === 0, {
    expected: `${canaries.length} of ${canaries.length} canaries found in the unmasked data`,
    actual: `${canaries.length - missed.length} of ${canaries.length} found in ${before.rowsScanned} rows`,
    evidence: evidenceOf(missed.map(({ id, kind, place }) => `canary ${id} (${kind}, ${place}) was not found`)),
    recommendation: 'Do not trust the leak scanner: it misses personal data that is there.',
    otherwise: canaries.length === 0 ? 'inconclusive' : 'fail',
  });
}

/** None of the canaries is in the masked copy. */
export function judgeCanariesAfter(canaries: readonly Canary[], after: ScanResult): Finding {
  const places = after.leaks.filter(({ detector }) => detector === 'canary');
  const found = after.canariesFound.length + places.length;
  return finding('masking.canaries-after', canaries.length > 0 && found === 0 && after.rowsScanned > 0, {
    expected: `0 of ${canaries.length} canaries found in the masked copy`,
    actual: `${after.canariesFound.length} of ${canaries.length} found in ${after.rowsScanned} rows`,
    evidence: evidenceOf(places.map(({ place, canaryIds = [] }) => `${place}: canaries ${canaryIds.join(', ')}`)),
    recommendation: 'Do not hand the copy over. Mask the columns that are named.',
    otherwise: found > 0 ? 'fail' : 'inconclusive',
  });
}

/** Every masked column holds only what its rule makes. */
export function judgeMaskedColumns(columns: readonly MaskedColumnObservation[]): Finding {
  const wrong = columns.filter(({ violations }) => violations !== 0);
  return finding('masking.rules', columns.length > 0 && wrong.length === 0, {
    expected: `${columns.length} masked columns that hold only what their rules make`,
    actual: `${wrong.length} columns that hold something else`,
    evidence: evidenceOf(
      wrong.map(({ place, rule, rows, violations }) => `${place}: ${violations} of ${rows} rows not by \`${rule}\``),
    ),
    recommendation: 'Do not hand the copy over: rules of the masking policy were not applied.',
    otherwise: columns.length === 0 ? 'inconclusive' : 'fail',
  });
}
