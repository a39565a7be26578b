import { afterAll, describe, expect, test } from 'vitest';
import { checkName } from '../../domain/catalogue.ts';
import { isRed } from '../../domain/verdict.ts';
import { firedrill, greenEnd, recordIn, redFindings, reportFolder, testLedger } from '../firedrill.ts';
import { Players } from './player.ts';

/** What each way leaves that the default one does not; the others are played beside it, and each must come to the same. */
const ways = [
  { from: 'snapshot', source: 'backup', only: ['backup.latest', 'search-backup.keys'] },
  { from: 'reindex', source: 'rebuilt', only: ['search.keys', 'search.settings'] },
] as const;

const players = new Players();
afterAll(() => players[Symbol.asyncDispose]());

describe('drills on their other ways', { concurrent: true }, () => {
  test.for(ways)('search-loss --from $from is green, and says what it came from', async ({ from, source, only }) => {
    await using folder = await reportFolder();
    const options = { engine: 'native', rows: 300, out: folder.path, from, ledger: testLedger } as const;
    const { record, output } = await players.play({ drill: 'search-loss', options, untilCaught: false });
    expect(redFindings(record), output).toEqual([]);
    expect({ verdict: record.verdict, from: record.from }).toEqual({ verdict: greenEnd(record).verdict, from });
    expect(record.recoveryPoints?.find(({ store }) => store === 'search')).toMatchObject({ source });
    const checks = record.findings.map(({ check }) => checkName(check));
    expect(checks).toEqual(expect.arrayContaining([...only]));
    const compared = record.comparison?.ways.map(({ name, chosen, verdict }) => `${name} ${chosen} ${verdict}`);
    expect(compared).toEqual(['dump', 'snapshot', 'reindex'].map((name) => `${name} ${name === from} pass`));
    // A rebuild brings no keys of the server itself back, and must not be silent on it.
    const told = record.limitations.filter((limitation) => limitation.includes('keys of the search server'));
    expect(told).toHaveLength(from === 'reindex' ? 1 : 0);
  });

  test('storage-loss --from manifest is red and says how many bytes of how many objects are lost', async () => {
    await using folder = await reportFolder();
    const options = ['--engine', 'native', '--rows', '300', '--out', folder.path, '--from', 'manifest'];
    const result = await firedrill(['run', 'storage-loss', ...options]);
    const { findings, verdict, from, backups, cleanUp } = await recordIn(folder.path);
    const red = findings.filter((finding) => isRed(finding.verdict));
    expect(result.exitCode).toBe(1);
    expect({ verdict, from }).toEqual({ verdict: 'fail', from: 'manifest' });
    expect(red.map(({ check }) => check).slice(0, 2)).toEqual(['objects.bytes', 'objects.content']);
    const objects = backups?.at(-1)?.items ?? 0;
    expect(red[0]?.actual).toMatch(new RegExp(`^[\\d,]+ bytes of ${objects} objects lost, 0 bytes restored`));
    expect(result.all).toContain('a manifest names contents and holds none');
    expect(cleanUp).toEqual({ verdict: 'pass', left: [] });
  });
});
