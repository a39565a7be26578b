import { expect, it } from 'vitest';
import type { MarkerAck } from '../domain/marker.ts';
import { markersOf } from './markers-of.ts';

const faultAt = new Date('2026-01-01T12:00:00.000Z');
const ack = (sequence: number, atMs: number): MarkerAck => ({
  store: 'postgres',
  sequence,
  acknowledgedAt: new Date(faultAt.getTime() + atMs).toISOString(),
});

it('tells where each acknowledged write lies to the fault, in their order, and whether it survived', () => {
  const acks = [ack(2, -100), ack(1, -350), ack(3, 150)];
  expect(markersOf({ acks, survivors: [1, 9], faultAt })).toEqual({
    markers: [
      { atMs: -350, survived: true },
      { atMs: -100, survived: false },
      { atMs: 150, survived: false },
    ],
  });
});

it('keeps the newest two hundred', () => {
  const acks = Array.from({ length: 300 }, (_, index) => ack(index + 1, index - 299));
  const { markers = [] } = markersOf({ acks, survivors: [], faultAt });
  expect([markers.length, markers[0]?.atMs, markers.at(-1)?.atMs]).toEqual([200, -199, 0]);
});

it('tells nothing where an instant cannot be read', () => {
  const acks = [ack(1, -100), { ...ack(2, -50), acknowledgedAt: 'yesterday' }];
  expect(markersOf({ acks, survivors: [1], faultAt })).toEqual({});
});
