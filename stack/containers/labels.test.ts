import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { hostLabel, labelsOf, ownerLabel, ownerOf, runLabel } from './labels.ts';

const run = { runId: 'r1', owner: { pid: 42, startTime: 'Sat Nov 21 09:21:00 2026' } };

describe('the labels of a run', () => {
  it('name the run and its owner, and the owner is read back', () => {
    const labels = labelsOf(run, 'postgres', 'production');
    expect(labels).toMatchObject({ [runLabel]: 'r1', [ownerLabel]: '42:Sat Nov 21 09:21:00 2026' });
    expect(ownerOf(labels)).toEqual(run.owner);
  });

  it.each([
    ['no owner', {}],
    ['a broken owner', { [hostLabel]: hostname(), [ownerLabel]: 'somebody' }],
    ['the owner of another machine', { ...labelsOf(run, 'search', 'x'), [hostLabel]: 'elsewhere' }],
  ])('with %s name no process of this machine', (_, labels) => {
    expect(ownerOf(labels as Record<string, string>)).toBeUndefined();
  });
});
