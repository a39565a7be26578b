import { describe, expect, test } from 'vitest';
import { discoverDrills } from '../../harness/discover.ts';
import { firedrill, recordIn, reportFolder } from '../firedrill.ts';

/** Small, so that all sabotages are played in minutes; what is judged does not depend on the size. */
const rows = '300';

for (const { definition } of await discoverDrills()) {
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
      expect(result.all).toContain('PASS');
      expect(result.exitCode).toBe(0);
      const record = await recordIn(folder.path);
      expect(record.findings.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
      expect(record.findings.length).toBeGreaterThan(10);
      expect(record.controls.map(({ name, caught }) => `${name} ${caught}`)).toEqual(
        definition.controls.map(({ name }) => `${name} true`),
      );
    });

    test.for(definition.controls.map((control) => [control.name, control] as const))(
      '--sabotage %s is red for its own reason',
      async ([name, { expectedCheck, expectedVerdict, alsoRed = [] }]) => {
        await using folder = await reportFolder();
        const options = ['--engine', 'native', '--rows', rows, '--out', folder.path, '--sabotage', name];
        const result = await firedrill(['run', definition.name, ...options]);
        const record = await recordIn(folder.path);
        const red = record.findings.filter(({ verdict }) => verdict !== 'pass');
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
