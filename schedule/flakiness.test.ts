import { expect, test } from 'vitest';
import type { RunFact } from '../domain/nightly.ts';
import { flakinessOf } from './flakiness.ts';
import { run } from './runs.test-data.ts';

const red = run('2026-11-20T02:00:00Z', { verdict: 'fail' });
const green = run('2026-11-21T02:00:00Z');

test('red and then green on the same files is flaky, in whatever order the records come', () => {
  const flaky = [{ drill: 'loss', gitRevision: 'f00', engine: 'native', redRunId: red.runId, greenRunId: green.runId }];
  expect(flakinessOf([red, green])).toEqual(flaky);
  expect(flakinessOf([green, red])).toEqual(flaky);
});

test('the last pair of a drill is told', () => {
  const later = run('2026-11-22T02:00:00Z', { verdict: 'fail' });
  const latest = run('2026-11-23T02:00:00Z');
  expect(flakinessOf([red, green, later, latest])).toMatchObject([{ redRunId: later.runId, greenRunId: latest.runId }]);
});

test('of a pair the green run is the first one after the red one', () => {
  const later = run('2026-11-22T02:00:00Z');
  expect(flakinessOf([red, green, later])).toMatchObject([{ redRunId: red.runId, greenRunId: green.runId }]);
});

test.for<[string, RunFact[]]>([
  ['only red', [red]],
  ['only green', [green]],
  ['green, then red', [{ ...green, startedAt: '2026-11-19T02:00:00Z' }, red]],
  ['another revision', [{ ...red, gitRevision: 'f01' }, green]],
  ['another runbook', [{ ...red, runbookSha256: 'c'.repeat(64) }, green]],
  ['another schema', [{ ...red, schemaSha256: 'c'.repeat(64) }, green]],
  ['another engine', [{ ...red, engine: 'containers' }, green]],
  ['another size', [{ ...red, rows: 200 }, green]],
  ['another way', [{ ...red, from: 'dump' }, green]],
  ['another fault', [{ ...red, chosenFault: 'flood' }, green]],
  ['another drill', [{ ...red, drill: 'fire' }, green]],
  ['red by sabotage', [{ ...red, sabotage: 'x' }, green]],
  ['interrupted', [{ ...red, state: 'interrupted' }, green]],
  ['only inconclusive', [{ ...red, verdict: 'inconclusive' }, green]],
])('%s is not', ([, runs]) => expect(flakinessOf(runs)).toEqual([]));

const files = { sourceSha256: 'a'.repeat(64) };

test('files that were changed without a commit are another thing to run on: that is not flaky', () => {
  expect(
    flakinessOf([
      { ...red, ...files },
      { ...green, sourceSha256: 'b'.repeat(64) },
    ]),
  ).toEqual([]);
  expect(flakinessOf([red, { ...green, ...files }])).toEqual([]);
});

test('the same files are the same under another revision, or without git', () => {
  const { gitRevision: _, ...withoutGit } = red;
  const pair = { ...files, redRunId: red.runId, greenRunId: green.runId };
  expect(
    flakinessOf([
      { ...red, ...files, gitRevision: 'f01' },
      { ...green, ...files },
    ]),
  ).toMatchObject([pair]);
  expect(
    flakinessOf([
      { ...withoutGit, ...files },
      { ...green, ...files },
    ]),
  ).toMatchObject([pair]);
});

test('runs without a revision cannot be compared', () => {
  const { gitRevision: _, ...without } = red;
  const { gitRevision: __, ...also } = green;
  expect(flakinessOf([without, also])).toEqual([]);
});
