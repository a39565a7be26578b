import { judged, type Finding } from '../domain/finding.ts';
import type { MarkerAck } from '../domain/marker.ts';
import type { RpoRecord } from '../domain/record.ts';
import type { StoreName } from '../domain/service.ts';
import type { ApplicableVerdict } from '../domain/verdict.ts';
import { markersOf } from './markers-of.ts';
import { durationWords } from './words.ts';

/** What is known of one store's markers after recovery. */
export interface RpoObservation {
  store: StoreName;
  /** The path that a write took. */
  path: string;
  /** Every acknowledgement of this store; one write was acknowledged before the next was sent. */
  acks: readonly MarkerAck[];
  /** How many more were sent and never acknowledged: nobody was promised them. */
  unanswered?: number;
  /** Numbers that the recovered store still has, as it lists them. */
  survivors: readonly number[];
  /** Numbers whose parts in other stores are still there; a write survives when every part of it does. */
  elsewhere?: readonly { store: StoreName; survivors: readonly number[] }[];
  faultAt: Date;
  targetMs: number;
  /** What the backup schedule alone allows to be lost; recorded beside the measurement, never mixed with it. */
  scheduleAllowsMs?: number;
}

/** What a store has lost its part of. */
interface StoreLoss {
  store: StoreName;
  lost: number[];
}

interface Loss {
  /** Fault minus the newest surviving marker of those that were acknowledged before it, in milliseconds. */
  measuredMs: number | undefined;
  acknowledged: number;
  /** Acknowledged and no longer usable, since a part of them is gone; in their order. */
  lost: number[];
  /** The same by the store that has lost its part, its own store first. */
  lostFrom: StoreLoss[];
  /** Lost although a later one survived: the store is not as it was at any one instant. */
  gaps: number[];
  /** Survived, never acknowledged: the write was under way, or something else wrote it. */
  unacknowledged: number[];
  /** Survived more than once. */
  duplicates: number[];
  /** Acknowledgements whose instant cannot be read. */
  undated: number[];
}

/**
 * Judges how much of one store was lost, by its markers, and gives its line in the `rpo` of `drill.json`. The finding
 * `objectives.rpo.<store>` fails when the newest surviving marker is older than the target allows, when none survived,
 * and when one was lost although a later one survived. Nothing acknowledged before the fault, or instants that cannot
 * be read, prove nothing: `inconclusive`. A write is lost when any part of it is, whichever store had that. Survivors that were never acknowledged, or that are there twice, are told as
 * evidence whatever the verdict.
 */
export function judgeRpo(observation: RpoObservation): { finding: Finding; rpo: RpoRecord } {
  const { store, path, targetMs, scheduleAllowsMs, unanswered } = observation;
  const loss = measureLoss(observation);
  const verdict = verdictOf(loss, targetMs);
  const evidence = evidenceOf(loss, observation);
  const finding = judged(`objectives.rpo.${store}`, verdict, {
    expected: `the newest surviving acknowledged write at most ${durationWords(targetMs)} older than the fault`,
    actual: actualOf(loss),
    ...(evidence.length > 0 && { evidence }),
    ...(verdict === 'fail' && { recommendation: `Back up ${store} more often, or replicate it continuously.` }),
  });
  const rpo: RpoRecord = {
    store,
    ...(loss.measuredMs !== undefined && { measuredMs: loss.measuredMs }),
    acknowledged: loss.acknowledged,
    ...(unanswered !== undefined && { unanswered }),
    lostWrites: loss.lost.length,
    ...(loss.lostFrom.length > 1 && {
      lostFrom: loss.lostFrom.map((part) => ({ store: part.store, writes: part.lost.length })),
    }),
    targetMs,
    verdict,
    path,
    ...(scheduleAllowsMs !== undefined && { scheduleAllowsMs }),
    ...markersOf({ ...observation, survivors: [...usable(observation)] }),
  };
  return { finding, rpo };
}

/** The numbers of which every part is there. */
function usable({ survivors, elsewhere = [] }: RpoObservation): Set<number> {
  const others = elsewhere.map((part) => new Set(part.survivors));
  return new Set(survivors.filter((sequence) => others.every((there) => there.has(sequence))));
}

function measureLoss(observation: RpoObservation): Loss {
  const { store, acks, survivors, elsewhere = [], faultAt } = observation;
  const faultMs = faultAt.getTime();
  const surviving = usable(observation);
  const numbers = new Set(acks.map(({ sequence }) => sequence));
  const beforeFault = acks.filter(({ acknowledgedAt }) => Date.parse(acknowledgedAt) <= faultMs);
  const kept = beforeFault.filter(({ sequence }) => surviving.has(sequence));
  const newestMs = Math.max(...kept.map(({ acknowledgedAt }) => Date.parse(acknowledgedAt)));
  const lost = ascending([...numbers].filter((sequence) => !surviving.has(sequence)));
  const lastKept = Math.max(...[...numbers].filter((sequence) => surviving.has(sequence)));
  return {
    measuredMs: kept.length === 0 ? undefined : faultMs - newestMs,
    acknowledged: numbers.size,
    lost,
    lostFrom: [{ store, survivors }, ...elsewhere].map((part) => {
      const there = new Set(part.survivors);
      return { store: part.store, lost: lost.filter((sequence) => !there.has(sequence)) };
    }),
    gaps: lost.filter((sequence) => sequence < lastKept),
    unacknowledged: ascending([...surviving].filter((sequence) => !numbers.has(sequence))),
    duplicates: repeated(survivors),
    undated: acks
      .filter(({ acknowledgedAt }) => Number.isNaN(Date.parse(acknowledgedAt)))
      .map(({ sequence }) => sequence),
  };
}

function verdictOf({ measuredMs, lost, gaps, undated, acknowledged }: Loss, targetMs: number): ApplicableVerdict {
  if (acknowledged === 0 || undated.length > 0) return 'inconclusive';
  if (gaps.length > 0 || lost.length === acknowledged) return 'fail';
  if (measuredMs === undefined) return 'inconclusive';
  return measuredMs <= targetMs ? 'pass' : 'fail';
}

function actualOf({ measuredMs, acknowledged, lost, lostFrom, gaps }: Loss): string {
  if (acknowledged === 0) return 'no write was acknowledged';
  const age =
    measuredMs === undefined ? 'no marker from before the fault survived' : `${durationWords(measuredMs)} older`;
  const gap = gaps.length === 0 ? '' : `, ${gaps.length} of them before a surviving one`;
  const from = lostFrom.length < 2 || lost.length === 0 ? '' : `: ${lostFrom.map(partWords).join(', ')}`;
  return `${age}, ${lost.length} of ${acknowledged} acknowledged writes lost${gap}${from}`;
}

function partWords({ store, lost }: StoreLoss): string {
  return `${lost.length} gone from ${store}`;
}

function evidenceOf(loss: Loss, { path, faultAt }: RpoObservation): string[] {
  const lists: [string, number[]][] = [
    ['lost although later ones survived', loss.gaps],
    ['lost', loss.lost.filter((sequence) => !loss.gaps.includes(sequence))],
    ['survived though never acknowledged', loss.unacknowledged],
    ['survived more than once', loss.duplicates],
    ['acknowledged at an instant that cannot be read', loss.undated],
  ];
  const told = lists.filter(([, numbers]) => numbers.length > 0);
  const fault = Number.isNaN(faultAt.getTime()) ? ['the instant of the fault cannot be read'] : [];
  return [...fault, ...told.map(([what, numbers]) => `markers ${what} (${path}): ${ranges(numbers)}`)];
}

/** `1-3, 7, 9-12`, shortened after 20 parts. */
function ranges(ascendingNumbers: number[]): string {
  const parts: [number, number][] = [];
  for (const number of ascendingNumbers) {
    const last = parts.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else parts.push([number, number]);
  }
  const words = parts.slice(0, 20).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return parts.length > 20 ? `${words.join(', ')} and ${parts.length - 20} more ranges` : words.join(', ');
}

function repeated(numbers: readonly number[]): number[] {
  const seen = new Set<number>();
  const twice = new Set<number>();
  for (const number of numbers) (seen.has(number) ? twice : seen).add(number);
  return ascending([...twice]);
}

function ascending(numbers: number[]): number[] {
  return numbers.toSorted((one, other) => one - other);
}
