import { describe, expect, test } from 'vitest';
import { entryOf } from '../domain/catalogue.ts';
import { chosenWay, faultsToChoose } from './choices.ts';
import type { DrillDefinition } from './definition.ts';
import { discoverDrills } from './discover.ts';
import { loadDrillRunbook } from './drill-runbook.ts';
import { owedByRun } from './owed.ts';

const drills = await discoverDrills();
const options = { keep: false };

async function owedOf(definition: DrillDefinition, way?: string) {
  const { fault } = definition;
  const from = chosenWay(definition, way);
  return owedByRun({ ...(await loadDrillRunbook(definition)), fault, from, options });
}
const named = (name: string): DrillDefinition => {
  const found = drills.find(({ definition }) => definition.name === name);
  if (!found) throw new Error(`no drill ${name}`);
  return found.definition;
};

test.for(drills.map(({ definition }) => [definition.name, definition] as const))(
  '%s has every control that it owes, and owes checks of the catalogue',
  async ([, definition]) => {
    const { checks, controls } = await owedOf(definition);
    const own = definition.controls.map(({ name }) => name);
    expect(controls.filter((name) => !own.includes(name))).toEqual([]);
    expect(controls.length).toBeGreaterThan(5);
    expect(checks.filter((check) => entryOf(check) === undefined)).toEqual([]);
    expect(new Set(checks).size).toBe(checks.length);
  },
);

describe('what is owed', () => {
  test('does not follow from the lists of the drill', async () => {
    const drill = named('db-loss');
    const emptied = { ...drill, backUp: [], steadyState: [], verify: [], handOver: [], controls: [] };
    expect(await owedOf(emptied)).toEqual(await owedOf(drill));
  });

  test('follows from the stores that the fault strikes', async () => {
    const { checks } = await owedOf(named('db-loss'));
    expect(checks).toEqual(
      expect.arrayContaining([
        'backup.verified',
        'steady-state.smoke.status',
        'fault.bites',
        'integrity.content',
        'objectives.rto',
        'objectives.rpo.postgres',
        'objectives.rpo.objects',
        'reconciliation.search',
        'masking.leaks',
        'staging.smoke.status',
        'smoke.sustained',
        'clean-up',
      ]),
    );
    expect(checks.filter((check) => check.startsWith('search-backup.'))).toEqual([]);
    const search = (await owedOf(named('search-loss'))).checks;
    expect(search).toEqual(expect.arrayContaining(['search-backup.keys', 'search.impact', 'objectives.rto.search']));
    expect(search.filter((check) => /^(integrity|masking|staging)\./.test(check))).toEqual([]);
    expect((await owedOf(named('app-failover'))).checks).toEqual(
      expect.arrayContaining(['steady-state.availability.baseline', 'availability.writes', 'objectives.rpo.postgres']),
    );
  });

  test('follows from the way to recover', async () => {
    const { checks } = await owedOf(named('search-loss'), 'reindex');
    expect(checks).toContain('search.keys');
    expect(checks).not.toContain('search-backup.keys');
  });

  test('without controls where a sabotage is played for real, without clean-up where all is kept', async () => {
    const definition = named('db-loss');
    const { fault } = definition;
    const parts = { ...(await loadDrillRunbook(definition)), fault, from: undefined };
    const played = owedByRun({ ...parts, options: { keep: true, sabotage: 'row-missing' } });
    expect(played.controls).toEqual([]);
    expect(played.checks).not.toContain('controls');
    expect(played.checks).not.toContain('smoke.sustained');
    expect(played.checks).not.toContain('clean-up');
    expect(played.checks).toContain('integrity.rows');
  });

  test('is the same for every fault that a drill can choose: each harms the same stores', async () => {
    for (const { definition } of drills) {
      for (const fault of faultsToChoose(definition)) {
        const { checks } = owedByRun({ ...(await loadDrillRunbook(definition)), fault, from: undefined, options });
        expect(checks, fault.name).toEqual((await owedOf({ ...definition, from: undefined } as never)).checks);
      }
    }
  });
});
