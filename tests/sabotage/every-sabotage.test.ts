import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { outcomeOf, type ControlOutcome } from '../../domain/control-outcome.ts';
import { discoverDrills } from '../../harness/discover.ts';
import { isHeldUpFinding } from '../../checks/own-delay.ts';
import type { DrillRecord } from '../../domain/record.ts';
import { firedrill, isHidden, recordIn, redFindings, reportFolder } from '../firedrill.ts';

/** Small, so that all sabotages are played in minutes; what is judged does not depend on the size. */
const rows = '300';

/** Where a sabotage that several drills have is played: in the first of these, which are the quicker ones. */
const order = [
  'db-loss',
  'search-loss',
  'storage-loss',
  'storage-corruption',
  'search-corruption',
  'app-failover',
  'full-loss',
];
/**
 * Without it each sabotage is played for real in one drill, so that all of them fit into a run of CI; the other drills that
 * have it play it as a control, in every run. With it each drill plays all of its own.
 */
const everyVariable = 'FIREDRILL_EVERY_SABOTAGE';
const playsEvery = process.env[everyVariable] === '1';

const drills = await discoverDrills();

function isPlayedIn(drill: string, sabotage: string): boolean {
  const having = drills.filter(({ definition }) => definition.controls.some(({ name }) => name === sabotage));
  const first = having
    .map(({ definition }) => definition.name)
    .toSorted((a, b) => order.indexOf(a) - order.indexOf(b))[0];
  return playsEvery || first === drill;
}

test('every drill has its place in the order, and every sabotage is played', () => {
  expect(drills.map(({ definition }) => definition.name).toSorted()).toEqual(order.toSorted());
  const names = new Set(drills.flatMap(({ definition }) => definition.controls.map(({ name }) => name)));
  const played = drills.flatMap(({ definition }) =>
    definition.controls.filter(({ name }) => isPlayedIn(definition.name, name)).map(({ name }) => name),
  );
  expect(new Set(played)).toEqual(names);
  if (!playsEvery)
    process.stdout.write(`each of ${names.size} sabotages in one drill; ${everyVariable}=1 plays every one in each\n`);
});

for (const { definition } of drills) {
  const played = definition.controls.filter(({ name }) => isPlayedIn(definition.name, name));
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
      // An upload without a row is lost to whoever was promised it. Promised to nobody were those that were under way at
      // the fault, or begun before it was noticed: more of them the busier the machine is.
      const quarantined = record.repairs?.find(({ store }) => store === 'objects')?.count ?? 0;
      const lost = record.rpo.find(({ store }) => store === 'objects')?.lostWrites ?? 0;
      expect(lost).toBeGreaterThanOrEqual(quarantined - 5);
      const outcomes = record.controls.map((control) => ({ name: control.name, outcome: outcomeOf(control) }));
      const open = (outcome: ControlOutcome): boolean => isBusy && outcome === 'inconclusive';
      expect(outcomes.map(({ name, outcome }) => `${name} ${open(outcome) ? 'caught' : outcome}`)).toEqual(
        definition.controls.map(({ name }) => `${name} caught`),
      );
    });

    test.for(played.map((control) => [control.name, control] as const))(
      '--sabotage %s is red for its own reason',
      async ([name, { expectedCheck, expectedVerdict, alsoRed = [] }]) => {
        await using folder = await reportFolder();
        const options = ['--engine', 'native', '--rows', rows, '--sabotage', name];
        // Where the machine was too busy for the expected check to judge anything, it is asked again.
        const { result, record } = await untilJudged(expectedCheck, async (attempt) => {
          const out = join(folder.path, String(attempt));
          const played = await firedrill(['run', definition.name, ...options, '--out', out]);
          return { result: played, record: await recordIn(out) };
        });
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

/** Plays until the check has judged, three times at most. */
async function untilJudged<Played extends { record: DrillRecord }>(
  expectedCheck: string,
  play: (attempt: number) => Promise<Played>,
): Promise<Played> {
  const isOpen = ({ record }: Played): boolean =>
    record.findings.some((finding) => finding.check === expectedCheck && isHeldUpFinding(finding));
  let played = await play(1);
  for (let attempt = 2; attempt <= 3 && isOpen(played); attempt += 1) played = await play(attempt);
  return played;
}
