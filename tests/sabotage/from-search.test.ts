import { describe, expect, test } from 'vitest';
import { checkName } from '../../domain/catalogue.ts';
import { firedrill, greenEnd, recordIn, redFindings, reportFolder } from '../firedrill.ts';

/** What each way leaves that the default one does not; the others are played beside it, and each must come to the same. */
const ways = [
  { from: 'snapshot', source: 'backup', only: ['backup.latest', 'search-backup.keys'] },
  { from: 'reindex', source: 'rebuilt', only: ['search.keys', 'search.settings'] },
] as const;

describe('search-loss on its other ways', () => {
  test.for(ways)('--from $from is green, and says what it came from', async ({ from, source, only }) => {
    await using folder = await reportFolder();
    const options = ['--engine', 'native', '--rows', '300', '--out', folder.path, '--from', from];
    const result = await firedrill(['run', 'search-loss', ...options]);
    const record = await recordIn(folder.path);
    expect(redFindings(record), result.all).toEqual([]);
    expect({ exitCode: result.exitCode, verdict: record.verdict, from: record.from }).toEqual({
      ...greenEnd(record),
      from,
    });
    expect(record.recoveryPoints?.find(({ store }) => store === 'search')).toMatchObject({ source });
    const checks = record.findings.map(({ check }) => checkName(check));
    expect(checks).toEqual(expect.arrayContaining([...only]));
    const compared = record.comparison?.ways.map(({ name, chosen, verdict }) => `${name} ${chosen} ${verdict}`);
    expect(compared).toEqual(['dump', 'snapshot', 'reindex'].map((name) => `${name} ${name === from} pass`));
    // A rebuild brings no keys of the server itself back, and must not be silent on it.
    const told = record.limitations.filter((limitation) => limitation.includes('keys of the search server'));
    expect(told).toHaveLength(from === 'reindex' ? 1 : 0);
  });
});
