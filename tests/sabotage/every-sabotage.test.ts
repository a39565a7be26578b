import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isHeldUpFinding } from '../../checks/own-delay.ts';
import type { DrillRecord } from '../../domain/record.ts';
import type { Control } from '../../harness/definition.ts';
import { discoverDrills } from '../../harness/discover.ts';
import { firedrill, greenEnd, recordIn, redFindings, reportFolder, testLedger, uncaught } from '../firedrill.ts';
import { Players } from './player.ts';

/** Small, so that all sabotages are played in minutes; what is judged does not depend on the size. */
const rows = 300;

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
 * Without it each sabotage is played for real in one drill, until it is caught, so that all of them fit into a run of CI;
 * the other drills that have it play it as a control, in every run. With it each drill plays all of its own, to their end.
 */
const everyVariable = 'FIREDRILL_EVERY_SABOTAGE';
const playsEvery = process.env[everyVariable] === '1';

/** One a verdict is played by the whole command and to its end: with its exit code, what it prints and its report. */
const byCommand: readonly string[] = ['row-missing', 'inert-fault'];

/** The drill whose green run is played by the command too; one of another drill differs by its steps alone. */
const greenByCommand = 'search-loss';

const drills = await discoverDrills();
const players = new Players();
afterAll(() => players[Symbol.asyncDispose]());

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
  const verdicts = new Set(drills.flatMap(({ definition }) => definition.controls.map((each) => each.expectedVerdict)));
  const ofCommand = drills.flatMap(({ definition }) => definition.controls.filter(isByCommand));
  expect(new Set(ofCommand.map(({ expectedVerdict }) => expectedVerdict))).toEqual(verdicts);
  if (!playsEvery)
    process.stdout.write(`each of ${names.size} sabotages in one drill; ${everyVariable}=1 plays every one in each\n`);
});

for (const { definition } of drills) {
  const played = definition.controls.filter(({ name }) => isPlayedIn(definition.name, name));
  // Two at a time: half of a drill is waiting, what a sabotage turns red does not depend on the load, and a green run leaves
  // half of the processors to others when it puts its system under load.
  describe(`${definition.name}, played for real`, { concurrent: true }, () => {
    if (definition.name === greenByCommand)
      test('firedrill run is green', async () => {
        await using folder = await reportFolder();
        const options = ['--engine', 'native', '--rows', String(rows), '--out', folder.path];
        const result = await firedrill(['run', definition.name, ...options]);
        const record = await recordIn(folder.path);
        expectGreen(record, definition.controls, result.all);
        const { exitCode, verdict } = greenEnd(record);
        expect(result.all).toContain(verdict.toUpperCase());
        expect(result.exitCode).toBe(exitCode);
      });

    test('without sabotage it is green, and every control is caught', async () => {
      await using folder = await reportFolder();
      const options = { engine: 'native', rows, out: folder.path, ledger: testLedger } as const;
      const { record, output, left } = await players.play({ drill: definition.name, options, untilCaught: false });
      expectGreen(record, definition.controls, output);
      expect(left, 'what it left in the process that played it').toEqual([]);
    });

    test.for(played.filter(isByCommand).map((control) => [control.name, control] as const))(
      'firedrill run --sabotage %s is red for its own reason',
      async ([name, control]) => {
        await using folder = await reportFolder();
        const options = ['--engine', 'native', '--rows', String(rows), '--sabotage', name];
        const { result, record } = await untilJudged(control, async (attempt) => {
          const out = join(folder.path, String(attempt));
          const result = await firedrill(['run', definition.name, ...options, '--out', out]);
          return { result, record: await recordIn(out) };
        });
        expectRedForItsOwnReason(record, control, result.all);
        expect(result.exitCode).toBe(control.expectedVerdict === 'fail' ? 1 : 2);
        expect(result.all).toContain(control.expectedCheck);
      },
    );

    test.for(played.map((control) => [control.name, control] as const))(
      '--sabotage %s is red for its own reason',
      async ([name, control]) => {
        await using folder = await reportFolder();
        const { record, output, left } = await untilJudged(control, (attempt) => {
          const out = join(folder.path, String(attempt));
          const options = { engine: 'native', rows, sabotage: name, out, ledger: testLedger } as const;
          return players.play({ drill: definition.name, options, untilCaught: !playsEvery });
        });
        expectRedForItsOwnReason(record, control, output);
        expect(output).toContain(control.expectedCheck);
        expect(left, 'what it left in the process that played it').toEqual([]);
      },
    );
  });
}

/** Played for both ways of playing it: once by the command to its end, and once until it is caught. */
function isByCommand({ name }: Pick<Control, 'name'>): boolean {
  return byCommand.includes(name);
}

function expectRedForItsOwnReason(record: DrillRecord, control: Control, output: string): void {
  const { name, expectedCheck, expectedVerdict, alsoRed = [] } = control;
  const red = redFindings(record);
  expect(red, output).toContainEqual(expect.objectContaining({ check: expectedCheck, verdict: expectedVerdict }));
  // What turned red first is the damage itself; what follows from it may turn red later.
  expect([expectedCheck, ...alsoRed]).toContain(red[0]?.check);
  expect(record).toMatchObject({ verdict: expectedVerdict, sabotage: name });
  expect(record.cleanUp).toEqual({ verdict: 'pass', left: [] });
}

function expectGreen(record: DrillRecord, controls: readonly Control[], output: string): void {
  // On a machine that was too busy for its latencies it is inconclusive by them, and by nothing else.
  expect(redFindings(record), output).toEqual([]);
  expect(record.verdict).toBe(greenEnd(record).verdict);
  expect(record.findings.length).toBeGreaterThan(10);
  // An upload without a row is lost to whoever was promised it, or it was promised to nobody: it was under way at the
  // fault, or begun before that was noticed.
  const quarantined = record.repairs?.find(({ store }) => store === 'objects')?.count ?? 0;
  const { lostWrites = 0, unanswered = 0 } = record.rpo.find(({ store }) => store === 'objects') ?? {};
  expect(quarantined).toBeLessThanOrEqual(lostWrites + unanswered);
  expect(record.controls.map(({ name }) => name)).toEqual(controls.map(({ name }) => name));
  expect(uncaught(record)).toEqual([]);
  expect(record.cleanUp).toEqual({ verdict: 'pass', left: [] });
}

/** Plays until the expected check has judged, three times at most: a machine that is too busy leaves it open. */
async function untilJudged<Played extends { record: DrillRecord }>(
  { expectedCheck }: Control,
  play: (attempt: number) => Promise<Played>,
): Promise<Played> {
  const isOpen = ({ record }: Played): boolean =>
    record.findings.some((finding) => finding.check === expectedCheck && isHeldUpFinding(finding));
  let played = await play(1);
  for (let attempt = 2; attempt <= 3 && isOpen(played); attempt += 1) played = await play(attempt);
  return played;
}
