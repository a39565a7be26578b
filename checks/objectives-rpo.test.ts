import { describe, expect, it } from 'vitest';
import { judgeRpo, type RpoObservation } from './objectives.ts';

const faultAt = new Date('2026-01-01T12:00:00.000Z');

/** Markers 1 to `count`, one a second, the last acknowledged half a second before the fault. */
const acks = (count: number): RpoObservation['acks'] =>
  Array.from({ length: count }, (_, index) => ({
    store: 'postgres',
    sequence: index + 1,
    acknowledgedAt: new Date(faultAt.getTime() - 500 - (count - 1 - index) * 1_000).toISOString(),
  }));
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const judge = (part: Partial<RpoObservation> = {}) =>
  judgeRpo({
    store: 'postgres',
    path: 'POST /things',
    acks: acks(10),
    survivors: numbers(10),
    faultAt,
    targetMs: 5_000,
    ...part,
  });

describe('judgeRpo', () => {
  it('passes a store that lost nothing', () => {
    expect(judge({ scheduleAllowsMs: 86_400_000 })).toEqual({
      finding: {
        check: 'objectives.rpo.postgres',
        verdict: 'pass',
        expected: 'the newest surviving acknowledged write at most 5s older than the fault',
        actual: '500ms older, 0 of 10 acknowledged writes lost',
      },
      rpo: {
        store: 'postgres',
        measuredMs: 500,
        acknowledged: 10,
        lostWrites: 0,
        targetMs: 5_000,
        verdict: 'pass',
        path: 'POST /things',
        scheduleAllowsMs: 86_400_000,
        markers: acks(10).map((_, index) => ({ atMs: index * 1_000 - 9_500, survived: true })),
      },
    });
  });

  it('keeps how many were sent without an answer, and counts none of them as lost', () => {
    expect(judge({ unanswered: 3 }).rpo).toMatchObject({ acknowledged: 10, unanswered: 3, lostWrites: 0 });
    expect(judge({}).rpo).not.toHaveProperty('unanswered');
  });

  it('counts lost writes within the target, and says which', () => {
    const { finding, rpo } = judge({ survivors: numbers(7) });
    expect(rpo).toMatchObject({ measuredMs: 3_500, lostWrites: 3, verdict: 'pass' });
    expect(finding.evidence).toEqual(['markers lost (POST /things): 8-10']);
  });

  it('fails when the newest surviving write is older than the target', () => {
    expect(judge({ survivors: numbers(5) }).rpo).toMatchObject({ measuredMs: 5_500, lostWrites: 5, verdict: 'fail' });
    expect(judge({ survivors: numbers(5), targetMs: 5_500 }).rpo.verdict).toBe('pass');
  });

  it('fails when no acknowledged write survived, and measures nothing then', () => {
    const { finding, rpo } = judge({ survivors: [], targetMs: 86_400_000 });
    expect(rpo).toMatchObject({ lostWrites: 10, verdict: 'fail' });
    expect(rpo).not.toHaveProperty('measuredMs');
    expect(finding.recommendation).toBeDefined();
  });

  it('fails a gap: a write is lost although a later one survived', () => {
    const { finding, rpo } = judge({ survivors: [1, 2, 3, 4, 6, 7] });
    expect(rpo).toMatchObject({ measuredMs: 3_500, lostWrites: 4, verdict: 'fail' });
    expect(finding.actual).toBe('3.5s older, 4 of 10 acknowledged writes lost, 1 of them before a surviving one');
    expect(finding.evidence).toEqual([
      'markers lost although later ones survived (POST /things): 5',
      'markers lost (POST /things): 8-10',
    ]);
  });

  it('takes numbers that were never acknowledged for no gap', () => {
    const failed = acks(10).filter(({ sequence }) => sequence !== 5);
    expect(judge({ acks: failed, survivors: [1, 2, 3, 4, 6, 7, 8, 9, 10] }).finding.verdict).toBe('pass');
  });

  it('tells of survivors that nobody acknowledged or that are there twice, and does not count them', () => {
    const { finding, rpo } = judge({ survivors: [...numbers(10), 3, 11] });
    expect(rpo).toMatchObject({ acknowledged: 10, lostWrites: 0, measuredMs: 500, verdict: 'pass' });
    expect(finding.evidence).toEqual([
      'markers survived though never acknowledged (POST /things): 11',
      'markers survived more than once (POST /things): 3',
    ]);
  });

  it('is inconclusive without an acknowledged write', () => {
    const { finding, rpo } = judge({ acks: [], survivors: [1] });
    expect(finding).toMatchObject({ verdict: 'inconclusive', actual: 'no write was acknowledged' });
    expect(rpo).toMatchObject({ acknowledged: 0, lostWrites: 0, verdict: 'inconclusive' });
  });

  it('measures by writes acknowledged before the fault alone, but counts all lost ones', () => {
    const late = { store: 'postgres' as const, sequence: 11, acknowledgedAt: '2026-01-01T12:00:01.000Z' };
    expect(judge({ acks: [...acks(10), late], survivors: numbers(11) }).rpo).toMatchObject({ measuredMs: 500 });
    expect(judge({ acks: [...acks(10), late] }).rpo).toMatchObject({ measuredMs: 500, lostWrites: 1 });
    expect(judge({ acks: [late], survivors: [11] }).rpo.verdict).toBe('inconclusive');
  });

  it('is inconclusive where instants cannot be read', () => {
    const unread = acks(10).map((ack) => (ack.sequence === 2 ? { ...ack, acknowledgedAt: 'yesterday' } : ack));
    expect(judge({ acks: unread }).finding.verdict).toBe('inconclusive');
    expect(judge({ faultAt: new Date(Number.NaN) }).finding.verdict).toBe('inconclusive');
  });

  it('shortens long lists of numbers', () => {
    const odd = numbers(100).filter((number) => number % 2 === 1);
    const { finding } = judge({ acks: acks(100), survivors: odd });
    expect(finding.evidence?.[0]).toMatch(/: 2, 4, 6, .* and 29 more ranges$/);
  });

  describe('of a write that has parts in other stores', () => {
    const rows = (survivors: number[]) => ({ elsewhere: [{ store: 'postgres' as const, survivors }] });

    it('counts an upload whose row is gone as lost, and judges the RPO on it', () => {
      const { finding, rpo } = judge({ store: 'objects', ...rows(numbers(7)) });
      expect(rpo).toMatchObject({
        measuredMs: 3_500,
        lostWrites: 3,
        lostFrom: [
          { store: 'objects', writes: 0 },
          { store: 'postgres', writes: 3 },
        ],
        verdict: 'pass',
      });
      expect(rpo.markers?.filter(({ survived }) => !survived)).toHaveLength(3);
      expect(finding.actual).toBe(
        '3.5s older, 3 of 10 acknowledged writes lost: 0 gone from objects, 3 gone from postgres',
      );
      expect(judge({ store: 'objects', ...rows(numbers(5)) }).finding.verdict).toBe('fail');
    });

    it('counts a row whose object or document is gone as lost', () => {
      expect(judge({ store: 'search', survivors: numbers(6), ...rows(numbers(10)) }).rpo).toMatchObject({
        lostWrites: 4,
        lostFrom: [
          { store: 'search', writes: 4 },
          { store: 'postgres', writes: 0 },
        ],
      });
    });

    it('fails when every row is gone, although every object is there', () => {
      expect(judge({ store: 'objects', ...rows([]) }).rpo).toMatchObject({ lostWrites: 10, verdict: 'fail' });
    });

    it('counts a write once that is gone from both', () => {
      expect(judge({ store: 'objects', survivors: numbers(8), ...rows(numbers(7)) }).rpo).toMatchObject({
        lostWrites: 3,
        lostFrom: [
          { store: 'objects', writes: 2 },
          { store: 'postgres', writes: 3 },
        ],
      });
    });
  });
});
