import { describe, expect, test } from 'vitest';
import type { Finding } from '../../domain/finding.ts';
import { discoverDrills } from '../../harness/discover.ts';
import { checkName, turnedRedBy } from '../red.ts';
import { firedrill, recordIn, reportFolder } from '../firedrill.ts';

/** Small, so that all sabotages are played in minutes; what is judged does not depend on the size. */
const rows = '300';

for (const { definition } of await discoverDrills()) {
  describe(`${definition.name}, played for real`, () => {
    let green: Finding[] = [];

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
      green = record.findings;
      expect(record.controls.map(({ name, caught }) => `${name} ${caught}`)).toEqual(
        definition.controls.map(({ name }) => `${name} true`),
      );
    });

    test('every check of the green drill is one that something turns red', async () => {
      expect(green.length).toBeGreaterThan(30);
      expect(green.map(({ check }) => checkName(check)).filter((name) => !(name in turnedRedBy))).toEqual([]);
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
