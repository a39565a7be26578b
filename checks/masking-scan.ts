import { finding, type Finding } from '../domain/finding.ts';
import type { PlaceExtents, ScannerProof, ScanResult } from '../domain/masking.ts';
import { evidenceOf } from './integrity-differences.ts';

/** Every detector of the scanner tells its specimen in every kind of place: else its silence proves nothing. */
export function judgeScanner({ owed, leaks }: ScannerProof): Finding {
  const told = new Set(leaks.map(({ detector, place }) => `${detector} ${place}`));
  const missed = owed.filter(({ detector, place }) => !told.has(`${detector} ${place}`));
  const detectors = new Set(owed.map(({ detector }) => detector));
  const places = new Set(owed.map(({ place }) => place));
  return finding('masking.scanner', owed.length > 0 && missed.length === 0, {
    expected: `each of ${detectors.size} detectors tells its specimen in each of ${places.size} kinds of place`,
    actual: `${owed.length - missed.length} of ${owed.length} specimens told`,
    evidence: evidenceOf(missed.map(({ detector, place }) => `${place}: the ${detector} was not seen`)),
    recommendation: 'Do not trust the leak scanner: it misses personal data in places of this kind.',
    otherwise: owed.length === 0 ? 'inconclusive' : 'fail',
  });
}

/** One side of the masking: how much of it there was, and how much the scanner read. */
export interface ScannedSide {
  name: 'source' | 'copy';
  extents: PlaceExtents;
  read: PlaceExtents;
}

/**
 * Every row and column of every table was read, and every document of every index, on both sides. An index that the
 * source has documents in has some in the copy as well: one that nobody has filled says nothing.
 */
export function judgeScanned(sides: readonly ScannedSide[]): Finding {
  const unread = sides.flatMap(({ name, extents, read }) =>
    unreadPlaces(extents, read).map((problem) => `${name}, ${problem}`),
  );
  const empty = sides.filter(({ extents }) => rowsIn(extents) === 0).map(({ name }) => `${name}: nothing to read`);
  const problems = [...empty, ...unread, ...emptyIndexes(sides)];
  return finding('masking.scanned', sides.length > 0 && problems.length === 0, {
    expected: `all there is read: ${sides.map(({ name, extents }) => `${rowsIn(extents)} rows and documents of the ${name}`).join(', ')}`,
    actual: problems.length === 0 ? 'all of it read' : counted(problems.length),
    evidence: evidenceOf(problems),
    recommendation: 'Find out why not everything was scanned, and scan again: what was not read may hold anything.',
    otherwise: 'inconclusive',
  });
}

/** Nothing in the masked copy looks like personal data or is a value of the source; all there is was looked at. */
export function judgeLeaks(after: ScanResult, extents: PlaceExtents): Finding {
  const leaks = after.leaks.filter(({ detector }) => detector !== 'canary');
  const count = leaks.reduce((total, leak) => total + leak.count, 0);
  const complete = after.rowsScanned > 0 && unreadPlaces(extents, after.read).length === 0;
  return finding('masking.leaks', count === 0 && complete, {
    expected: `no personal value in any of ${rowsIn(extents)} rows and documents`,
    actual: `${count} found in ${after.rowsScanned} rows and documents, ${after.columnsScanned} columns`,
    evidence: evidenceOf(leaks.map(({ detector, place, count: times }) => `${place}: ${times} times ${detector}`)),
    recommendation:
      count > 0
        ? 'Do not hand the copy over. Mask the columns that are named.'
        : 'Find out why not all rows were scanned, and scan again.',
    otherwise: count > 0 ? 'fail' : 'inconclusive',
  });
}

/** Places of which not everything was read, each with the figures. */
function unreadPlaces(extents: PlaceExtents, read: PlaceExtents): string[] {
  return Object.entries(extents).flatMap(([place, { rows, columns }]) => {
    const seen = read[place] ?? { rows: 0, columns: 0 };
    if (rows === 0 && seen.rows === 0) return [];
    if (seen.rows !== rows) return [`${place}: ${seen.rows} of ${rows} read`];
    return seen.columns === columns ? [] : [`${place}: ${seen.columns} of ${columns} columns read`];
  });
}

function emptyIndexes(sides: readonly ScannedSide[]): string[] {
  const source = sides.find(({ name }) => name === 'source')?.extents ?? {};
  const copy = sides.find(({ name }) => name === 'copy')?.extents ?? {};
  return Object.entries(source).flatMap(([place, { rows }]) => {
    const expected = place.startsWith('index:') && rows > 0 && !((copy[place]?.rows ?? 0) > 0);
    return expected ? [`copy, ${place}: no document, ${rows} in the source`] : [];
  });
}

function rowsIn(extents: PlaceExtents): number {
  return Object.values(extents).reduce((total, { rows }) => total + rows, 0);
}

function counted(places: number): string {
  return places === 1 ? '1 place not read, or not as a whole' : `${places} places not read, or not as a whole`;
}
