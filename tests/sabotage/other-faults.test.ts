import { afterAll, describe, expect, test } from 'vitest';
import { isRed } from '../../domain/verdict.ts';
import { discoverDrills } from '../../harness/discover.ts';
import { firedrill, greenEnd, recordIn, redFindings, reportFolder, testLedger, uncaught } from '../firedrill.ts';
import { Players } from './player.ts';

/** Every fault that `--fault` can choose beside a drill's own, with what a green run of it must have seen and judged. */
const choices = [
  {
    drill: 'search-corruption',
    fault: 'search-garbage-at-rest',
    observed: 'Does its health say that it is available? yes',
    check: 'search.found-despite-health',
  },
] as const;

const players = new Players();
afterAll(() => players[Symbol.asyncDispose]());

describe('drills on their other faults', { concurrent: true }, () => {
  test('none is left out', async () => {
    const drills = await discoverDrills();
    const other = drills.flatMap(({ definition: { name, otherFaults = [] } }) =>
      otherFaults.map((fault) => `${name} ${fault.name}`),
    );
    expect(choices.map(({ drill, fault }) => `${drill} ${fault}`)).toEqual(other);
  });

  test.for(choices)('$drill --fault $fault is green, and says so', async ({ drill, fault, observed, check }) => {
    await using folder = await reportFolder();
    const options = ['--engine', 'native', '--rows', '300', '--out', folder.path, '--fault', fault];
    const result = await firedrill(['run', drill, ...options]);
    const record = await recordIn(folder.path);
    expect(redFindings(record), result.all).toEqual([]);
    expect({ exitCode: result.exitCode, verdict: record.verdict }).toEqual(greenEnd(record));
    expect(record).toMatchObject({ chosenFault: fault, fault: { name: fault, bitten: true } });
    expect(record.fault?.observed).toContain(observed);
    expect(record.findings).toContainEqual(expect.objectContaining({ check, verdict: 'pass' }));
    expect(record.environment.command).toContain(`--fault ${fault}`);
    expect(uncaught(record)).toEqual([]);
    expect(record.cleanUp).toEqual({ verdict: 'pass', left: [] });
    expect(result.all).toMatch(new RegExp(`^fault {4}${fault}$`, 'm'));
  });

  test.for(choices)('$drill --fault $fault that does nothing is inconclusive', async ({ drill, fault }) => {
    await using folder = await reportFolder();
    const options = { engine: 'native', rows: 300, out: folder.path, fault, sabotage: 'inert-fault' } as const;
    const { record } = await players.play({ drill, options: { ...options, ledger: testLedger }, untilCaught: false });
    const red = record.findings.filter(({ verdict }) => isRed(verdict));
    expect(red[0]).toMatchObject({ check: 'fault.bites', verdict: 'inconclusive' });
    expect(record).toMatchObject({ verdict: 'inconclusive', chosenFault: fault, fault: { bitten: false } });
  });
});
