import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ArchiveEntry } from './archive-entry.ts';
import { PostDataQueue, type PostDataJob } from './post-data-queue.ts';

const entry = (dumpId: number, type: string, dependencies: number[] = []): ArchiveEntry => ({
  dumpId,
  type,
  schema: 'public',
  name: `${type} ${dumpId}`,
  dependencies,
});
const job = (dumpId: number, type: string, dependencies: number[] = []): PostDataJob => ({
  entry: entry(dumpId, type, dependencies),
  sql: `-- ${dumpId}`,
  settings: '',
});
const idsOf = (jobs: readonly PostDataJob[]): number[] => jobs.map(({ entry: { dumpId } }) => dumpId);

test('a job comes after its table and after the jobs that it needs, the largest table first', () => {
  const tables = [entry(1, 'TABLE'), entry(2, 'TABLE')];
  const jobs = [job(10, 'CONSTRAINT', [1]), job(11, 'INDEX', [2]), job(12, 'FK CONSTRAINT', [2, 10])];
  const queue = new PostDataQueue(tables, jobs, [1, 2]);
  expect(queue.next('a')).toEqual([]);
  queue.tableLoaded(1, 10 * 1024 * 1024);
  queue.tableLoaded(2, 20 * 1024 * 1024);
  const first = queue.next('a');
  expect(idsOf(first)).toEqual([11]);
  const second = queue.next('b');
  expect(idsOf(second)).toEqual([10]);
  expect(queue.next('c')).toEqual([]);
  for (const done of [...first, ...second]) queue.done(done);
  const last = queue.next('a');
  expect(idsOf(last)).toEqual([12]);
  queue.done(last[0]!);
  expect(queue.isEmpty).toBe(true);
});

test('small jobs of one session come together, a large one and one that locks more than tables come alone', () => {
  const tables = [1, 2, 3, 4].map((id) => entry(id, 'TABLE'));
  const jobs = [
    job(10, 'CONSTRAINT', [1]),
    job(11, 'CONSTRAINT', [2]),
    job(12, 'INDEX', [3]),
    job(13, 'PUBLICATION TABLE', [4]),
  ];
  const queue = new PostDataQueue(tables, jobs, [1, 2, 3, 4]);
  for (const id of [1, 2, 4]) queue.tableLoaded(id, 100);
  queue.tableLoaded(3, 5 * 1024 * 1024);
  expect(idsOf(queue.next('a'))).toEqual([12]);
  expect(idsOf(queue.next('b'))).toEqual([10, 11]);
  expect(idsOf(queue.next('c'))).toEqual([13]);
});

test('partitions count as one table: sessions share it for indexes only, and one session never waits for itself', () => {
  const attached = [20, 21].map((id) => entry(id, 'TABLE ATTACH', [1, id - 18]));
  const tables = [entry(1, 'TABLE'), entry(2, 'TABLE'), entry(3, 'TABLE'), ...attached];
  const queue = new PostDataQueue(tables, [job(10, 'CONSTRAINT', [2]), job(11, 'CONSTRAINT', [3])], []);
  const alone = { alone: true };
  const held = queue.next('a', alone);
  expect(idsOf(held)).toEqual([10]);
  expect(queue.next('b', alone)).toEqual([]);
  queue.done(held[0]!);
  expect(idsOf(queue.next('b', alone))).toEqual([11]);

  const shared = new PostDataQueue(tables, [job(10, 'INDEX', [2]), job(11, 'INDEX', [3])], []);
  expect([shared.next('a', alone), shared.next('b', alone)].map(idsOf)).toEqual([[10], [11]]);

  const together = new PostDataQueue(tables, [job(10, 'CONSTRAINT', [2]), job(11, 'CONSTRAINT', [3])], []);
  expect(idsOf(together.next('a'))).toEqual([10, 11]);
});

const types = ['INDEX', 'CONSTRAINT', 'FK CONSTRAINT', 'TRIGGER', 'PUBLICATION'];

test('whatever depends on what: everything runs, no two sessions ever lock a table against each other', () => {
  const tables = Array.from({ length: 6 }, (_, index) => entry(index + 1, 'TABLE'));
  const made = fc.array(
    fc.record({
      type: fc.constantFrom(...types),
      tables: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
      earlier: fc.nat(),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(made, fc.array(fc.nat({ max: 2 }), { minLength: 5, maxLength: 5 }), (list, turns) => {
      const jobs = list.map(({ type, tables: needed, earlier }, index) =>
        job(100 + index, type, [...needed, ...(index > 0 && earlier % 3 === 0 ? [100 + (earlier % index)] : [])]),
      );
      const queue = new PostDataQueue(tables, jobs, [1, 2, 3, 4, 5, 6]);
      for (const { dumpId } of tables) queue.tableLoaded(dumpId, dumpId * 100_000);
      const running = new Map<number, PostDataJob[]>();
      const done = new Set<number>();
      const tablesOf = (id: number): number[] =>
        jobs[id - 100]!.entry.dependencies.flatMap((needed) => (needed >= 100 ? tablesOf(needed) : [needed]));
      const reached = (one: PostDataJob): Set<number> => new Set(tablesOf(one.entry.dumpId));
      for (let turn = 0; !queue.isEmpty; turn += 1) {
        expect(turn).toBeLessThan(1000);
        const session = turns[turn % turns.length]!;
        const before = running.get(session);
        if (before) {
          for (const one of before) {
            queue.done(one);
            done.add(one.entry.dumpId);
          }
          running.delete(session);
        }
        const batch = queue.next(session);
        if (batch.length === 0) {
          // Nothing to do only while another one works.
          if (!queue.isEmpty) expect(running.size).toBeGreaterThan(0);
          const [other] = running.keys();
          if (other !== undefined) {
            for (const one of running.get(other)!) {
              queue.done(one);
              done.add(one.entry.dumpId);
            }
            running.delete(other);
          }
          continue;
        }
        for (const one of batch) {
          expect(one.entry.dependencies.filter((id) => id >= 100 && !done.has(id))).toEqual([]);
          for (const other of [...running.values()].flat()) {
            const bothShare = one.entry.type === 'INDEX' && other.entry.type === 'INDEX';
            const [mine, theirs] = [reached(one), reached(other)];
            if (!bothShare) expect([...mine].filter((table) => theirs.has(table))).toEqual([]);
            const anything = (of: PostDataJob): boolean => reached(of).size === 0 && of.entry.type !== 'INDEX';
            expect(anything(one) || anything(other)).toBe(false);
          }
        }
        running.set(session, batch);
      }
      expect(done.size).toBe(jobs.length);
    }),
  );
});

/** Steps of a restore of so many tables, each with a key, an index and a reference, or partitions whose keys are attached. */
function stepsOf(count: number, arePartitions: boolean): number {
  const tables = Array.from({ length: count }, (_, index) => entry(index + 1, 'TABLE', arePartitions ? [1] : []));
  const jobs = tables.flatMap(({ dumpId: id }) => [
    job(count + id, 'CONSTRAINT', [id]),
    job(2 * count + id, 'INDEX', [id]),
    arePartitions
      ? job(3 * count + id, 'INDEX ATTACH', [count + id, count + 1])
      : job(3 * count + id, 'FK CONSTRAINT', [id, count + Math.ceil(id / 2), Math.ceil(id / 2)]),
  ]);
  const queue = new PostDataQueue(
    tables,
    jobs,
    tables.map(({ dumpId }) => dumpId),
  );
  for (const { dumpId } of tables) queue.tableLoaded(dumpId, 1000);
  const running: PostDataJob[][] = [[], []];
  for (let turn = 0; !queue.isEmpty; turn += 1) {
    const session = turn % 2;
    for (const one of running[session]!) queue.done(one);
    running[session] = queue.next(session);
  }
  return queue.steps;
}

test.each([
  ['tables', false],
  ['partitions of one table', true],
])('four times as many %s cost four times the steps, but for the logarithm of their order', (_name, arePartitions) => {
  const [few, many] = [stepsOf(500, arePartitions), stepsOf(2000, arePartitions)];
  // Searched anew for each job, they would cost sixteen times as many.
  expect(many / few).toBeLessThan(4 * 1.4);
});
