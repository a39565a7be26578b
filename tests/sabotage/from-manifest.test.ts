import { expect, test } from 'vitest';
import { isRed } from '../../domain/verdict.ts';
import { firedrill, recordIn, reportFolder } from '../firedrill.ts';

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
