import type { MarkerAck } from '../domain/marker.ts';
import type { MarkerRecord } from '../domain/record-recovery.ts';

/** So many are kept: at four a second those of fifty seconds, and no more could be told apart. */
const mostKept = 200;

/**
 * Where the acknowledged writes of a store lie to the fault, and which of them survived: the newest ones, in their order.
 * Nothing where an instant cannot be read.
 */
export function markersOf({
  acks,
  survivors,
  faultAt,
}: {
  acks: readonly MarkerAck[];
  survivors: readonly number[];
  faultAt: Date;
}): { markers?: MarkerRecord[] } {
  const surviving = new Set(survivors);
  const markers = acks
    .map(({ sequence, acknowledgedAt }) => ({
      atMs: Date.parse(acknowledgedAt) - faultAt.getTime(),
      survived: surviving.has(sequence),
    }))
    .toSorted((one, other) => one.atMs - other.atMs);
  return markers.some(({ atMs }) => Number.isNaN(atMs)) ? {} : { markers: markers.slice(-mostKept) };
}
