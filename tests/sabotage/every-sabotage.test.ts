import { describe, expect, test } from 'vitest';
import { discoverDrills } from '../../harness/discover.ts';
import { firedrill, isHidden, recordIn, redFindings, reportFolder } from '../firedrill.ts';

/** Small, so that all sabotages are played in minutes; what is judged does not depend on the size. */
const rows = '300';

/**
 * Controls that a drill has since a run owes them, and whose sabotage is the same damage to the same store, found by the
 * same step, as in another drill: it is played for real there alone.
 */
const playedElsewhere: Readonly<Record<string, Record<string, readonly string[]>>> = {
  'full-loss': {
    'db-loss': [
      'sequence-set-back',
      'schema-column-dropped',
      'constraint-missing',
      'index-missing',
      'role-attribute-changed',
      'grant-revoked',
      'policy-dropped',
      'trigger-disabled',
      'first-row-changed',
      'globals-changed',
      'way-out-left-open',
      'index-settings-reset',
      'search-key-lost',
    ],
    'storage-loss': ['versioning-lost'],
    'search-loss': [
      'dump-truncated',
      'restored-document-missing',
      'settings-changed',
      'key-missing',
      'key-with-another-secret',
    ],
  },
  'storage-loss': {
    'db-loss': [
      'search-document-missing',
      'stale-document',
      'worker-stays-down',
      'index-settings-reset',
      'search-key-lost',
    ],
  },
  'storage-corruption': {
    'db-loss': [
      'search-document-missing',
      'stale-document',
      'worker-stays-down',
      'index-settings-reset',
      'search-key-lost',
    ],
    'storage-loss': ['object-missing-in-backup'],
  },
  'search-loss': { 'db-loss': ['orphan-object', 'worker-stays-down', 'index-settings-reset', 'search-key-lost'] },
  'search-corruption': { 'db-loss': ['orphan-object', 'worker-stays-down', 'index-settings-reset', 'search-key-lost'] },
};

const drills = await discoverDrills();

test('what is played elsewhere is played there', () => {
  for (const elsewhere of Object.values(playedElsewhere)) {
    for (const [drill, names] of Object.entries(elsewhere)) {
      const own = drills.find(({ definition }) => definition.name === drill)?.definition.controls ?? [];
      expect(own.map(({ name }) => name)).toEqual(expect.arrayContaining([...names]));
      expect(
        names.filter((name) =>
          Object.values(playedElsewhere[drill] ?? {})
            .flat()
            .includes(name),
        ),
      ).toEqual([]);
    }
  }
});

for (const { definition } of drills) {
  const elsewhere = Object.values(playedElsewhere[definition.name] ?? {}).flat();
  const played = definition.controls.filter(({ name }) => !elsewhere.includes(name));
  // Two at a time: most of a drill is waiting, and what is judged does not depend on the load.
  describe(`${definition.name}, played for real`, { concurrent: true }, () => {
    test('without sabotage it is green, and every control is caught', async () => {
      await using folder = await reportFolder();
      const result = await firedrill([
        'run',
        definition.name,
        '--engine',
        'native',
        '--rows',
        rows,
        '--out',
        folder.path,
      ]);
      const record = await recordIn(folder.path);
      expect(redFindings(record), result.all).toEqual([]);
      // On a machine that was too busy for its latencies it is inconclusive by them, and by nothing else.
      const isBusy = record.findings.some(isHidden);
      expect(result.all).toContain(isBusy ? 'INCONCLUSIVE' : 'PASS');
      expect(result.exitCode).toBe(isBusy ? 2 : 0);
      expect(record.findings.length).toBeGreaterThan(10);
      // An upload without a row is lost to whoever was promised it; the one under way at the fault was promised to nobody.
      const quarantined = record.repairs?.find(({ store }) => store === 'objects')?.count ?? 0;
      const lost = record.rpo.find(({ store }) => store === 'objects')?.lostWrites ?? 0;
      expect(lost).toBeGreaterThanOrEqual(quarantined - 1);
      expect(record.controls.map(({ name, caught }) => `${name} ${caught}`)).toEqual(
        definition.controls.map(({ name }) => `${name} true`),
      );
    });

    test.for(played.map((control) => [control.name, control] as const))(
      '--sabotage %s is red for its own reason',
      async ([name, { expectedCheck, expectedVerdict, alsoRed = [] }]) => {
        await using folder = await reportFolder();
        const options = ['--engine', 'native', '--rows', rows, '--out', folder.path, '--sabotage', name];
        const result = await firedrill(['run', definition.name, ...options]);
        const record = await recordIn(folder.path);
        const red = redFindings(record);
        expect(red, result.all).toContainEqual(
          expect.objectContaining({ check: expectedCheck, verdict: expectedVerdict }),
        );
        // What turned red first is the damage itself; what follows from it may turn red later.
        expect([expectedCheck, ...alsoRed]).toContain(red[0]?.check);
        expect(record).toMatchObject({ verdict: expectedVerdict, sabotage: name });
        expect(result.exitCode).toBe(expectedVerdict === 'fail' ? 1 : 2);
        expect(result.all).toContain(expectedCheck);
        expect(record.cleanUp).toEqual({ verdict: 'pass', left: [] });
      },
    );
  });
}
