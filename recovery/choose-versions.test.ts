import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseVersion, type KeyDamage, type VersionAction } from './choose-versions.ts';
import type { ObjectVersion } from './object-versions.ts';

const key = 'folder/key';
const before = new Date(1_000);

/** A version with its content; `undefined` content is a delete marker. */
interface Kept {
  id: string;
  atMs: number;
  content: string | undefined;
}

/** The store's side: versions, the newest first. */
function listed(history: readonly Kept[]): { key: string; versions: ObjectVersion[] } {
  const versions = history.map(({ id, atMs, content }) => ({
    versionId: id,
    lastModified: new Date(atMs),
    isDeleteMarker: content === undefined,
    etag: '',
    sizeBytes: 0,
  }));
  return { key, versions };
}

/** What the store does with an action. */
function apply(history: readonly Kept[], action: VersionAction): Kept[] {
  if (action.kind === 'copy') {
    const source = history.find(({ id }) => id === action.versionId);
    if (source?.content === undefined) throw new Error('nothing to copy');
    return [{ id: 'copy', atMs: 9_999, content: source.content }, ...history];
  }
  if (action.kind !== 'remove-markers') return [...history];
  const removed = history.filter(({ id }) => action.markerIds.includes(id));
  if (removed.some(({ content }) => content !== undefined)) throw new Error('a version was removed');
  const rest = history.filter(({ id }) => !action.markerIds.includes(id));
  if (rest[0]?.id !== action.versionId) throw new Error('another version is the newest');
  return rest;
}

/** What happens to a key, in its order: by the application or by the damage; `purge` takes away an older version. */
const step = fc.record({
  by: fc.constantFrom('application', 'damage'),
  what: fc.constantFrom('put', 'put', 'delete', 'purge'),
  waitMs: fc.constantFrom(0, 1, 400),
  content: fc.constantFrom('a', 'b', 'c'),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Plays the steps; `ideal` is what the key would hold had there been no damage. */
function play(steps: readonly Step[]): { history: Kept[]; ideal: string | undefined } {
  const history: Kept[] = [];
  let ideal: string | undefined;
  let atMs = 0;
  for (const [index, { by, what, waitMs, content }] of steps.entries()) {
    atMs += waitMs;
    if (what === 'purge') {
      if (by === 'damage') history.splice(1, 1);
      continue;
    }
    const written = what === 'delete' ? undefined : by === 'damage' ? `garbage ${index}` : content;
    if (by === 'application') ideal = written;
    history.unshift({ id: `v${index}`, atMs, content: written });
  }
  return { history, ideal };
}

const idsWhere = (history: readonly Kept[], holds: (content: string) => boolean): Set<string> =>
  new Set(history.filter(({ content }) => content !== undefined && holds(content)).map(({ id }) => id));

describe('against a model', () => {
  test('with checksums, whatever was interleaved: the key is what the application left, or it is lost rightly', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const { history, ideal } = play(steps);
        // Nobody expects an object that the application deleted.
        fc.pre(ideal !== undefined);
        const intact = history[0]?.content === ideal;
        const damage: KeyDamage = {
          damagedVersionIds: idsWhere(history, (content) => content !== ideal),
          goodVersionIds: idsWhere(history, (content) => content === ideal),
        };
        const action = chooseVersion(listed(history), before, intact ? undefined : damage);
        expect(chooseVersion(listed(history), before, intact ? undefined : damage)).toEqual(action);
        if (intact) expect(action.kind).toBe('keep');
        if (action.kind === 'lost') expect(damage.goodVersionIds?.size).toBe(0);
        else expect(apply(history, action)[0]?.content).toBe(ideal);
      }),
      { numRuns: 2_000 },
    );
  });

  test('without a proof of what is good: the content just before the instant, or what was written after the damage', () => {
    const application = fc.record({
      what: fc.constantFrom('put', 'delete'),
      atMs: fc.integer({ min: 0, max: 999 }),
      content: fc.string(),
    });
    const later = fc.array(fc.constantFrom('garbage', 'delete'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(application, { maxLength: 6 }), later, fc.boolean(), (writes, hits, rewritten) => {
        const earlier = writes.toSorted((a, b) => a.atMs - b.atMs);
        const history: Kept[] = earlier
          .map(({ what, atMs, content }, index) => ({
            id: `a${index}`,
            atMs,
            content: what === 'put' ? content : undefined,
          }))
          .toReversed();
        const atInstant = history[0]?.content;
        for (const [index, hit] of hits.entries()) {
          history.unshift({ id: `d${index}`, atMs: 1_000 + index, content: hit === 'garbage' ? hit : undefined });
        }
        if (rewritten) history.unshift({ id: 'new', atMs: 2_000, content: 'new' });
        const damagedVersionIds = new Set(history.filter(({ id }) => id.startsWith('d')).map(({ id }) => id));
        const action = chooseVersion(listed(history), before, { damagedVersionIds });
        if (rewritten) expect(action).toEqual({ kind: 'keep', key });
        else if (atInstant === undefined) expect(action.kind).toBe('lost');
        else expect(apply(history, action)[0]?.content).toBe(atInstant);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a damaged key', () => {
  const version = (id: string, atMs: number): Kept => ({ id, atMs, content: id });
  const marker = (id: string, atMs: number): Kept => ({ id, atMs, content: undefined });
  const choose = (history: Kept[], damaged: string[] = [], good: string[] = []): VersionAction =>
    chooseVersion(listed(history), before, { damagedVersionIds: new Set(damaged), goodVersionIds: new Set(good) });

  test('gets its version of the instant again', () => {
    expect(choose([version('bad', 1_000), version('good', 999), version('older', 1)], ['bad'])).toEqual({
      kind: 'copy',
      key,
      versionId: 'good',
    });
  });

  test('loses the markers that hide it, all of them', () => {
    expect(choose([marker('m2', 1_002), marker('m1', 1_001), version('good', 5)])).toEqual({
      kind: 'remove-markers',
      key,
      markerIds: ['m2', 'm1'],
      versionId: 'good',
    });
  });

  test('with garbage below its marker is copied: the marker alone would bring the garbage back', () => {
    const history = [marker('m', 1_002), version('bad', 1_001), version('good', 5)];
    expect(choose(history, ['bad'])).toEqual({ kind: 'copy', key, versionId: 'good' });
  });

  test('is kept where the application wrote it again after the damage', () => {
    const history = [version('new', 2_000), version('bad', 1_500), version('old', 5)];
    expect(choose(history, ['bad'])).toEqual({ kind: 'keep', key });
  });

  test('takes what was written between two damages when it is proved good', () => {
    const history = [version('bad', 1_500), version('new', 1_200), version('old', 5)];
    expect(choose(history, ['bad'], ['new'])).toEqual({ kind: 'copy', key, versionId: 'new' });
    expect(choose(history, ['bad'])).toEqual({ kind: 'copy', key, versionId: 'old' });
  });

  test.for([
    ['no version is left', [], []],
    ['no version is left', [marker('m', 1_000), marker('n', 5)], []],
    ['no version is as old as the instant', [version('bad', 1_000)], ['bad']],
    ['the version of the instant holds other content', [version('bad', 999), version('older', 5)], ['bad']],
    ['the object was deleted before the instant', [version('bad', 1_000), marker('m', 999), version('o', 5)], ['bad']],
  ] as [string, Kept[], string[]][])('%s: it is lost', ([reason, history, damaged]) => {
    expect(choose(history, damaged)).toEqual({ kind: 'lost', key, reason });
  });
});
