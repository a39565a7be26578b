import { expect, test, vi } from 'vitest';
import type { Finding } from '../../domain/finding.ts';
import type { DatabaseContent } from '../../domain/recovery.ts';
import { observeServer } from '../../recovery/observe-server.ts';
import type { DrillContext } from '../context.ts';
import { recordWaysOut } from '../ways-out.ts';
import { verifyRestore } from './verify-restore.ts';

vi.mock('../../recovery/observe-server.ts', () => ({ observeServer: vi.fn() }));
vi.mock('../ways-out.ts', () => ({ recordWaysOut: vi.fn() }));

const before = {
  tables: { 'public.t': { rows: 2, digest: 'd1' }, 'public.u': { rows: 3, digest: 'd2' } },
  schemaChecksum: 'a',
  columns: ['public.t.id bigint'],
  sequences: [],
  constraints: [],
  indexes: [],
  extensions: [],
  roles: [],
  grants: [],
  policies: [],
  triggers: [],
  functions: [],
  views: [],
  others: [],
} satisfies DatabaseContent;

/** The step on a server that holds this now: what it judged, by name. */
async function verified(now: DatabaseContent, state: 'closed' | 'by-itself' = 'closed') {
  const judged: Finding[] = [];
  vi.mocked(observeServer).mockResolvedValue(now);
  vi.mocked(recordWaysOut).mockResolvedValue({ ways: [{ kind: 'job', name: 'j', state }], notRefreshed: [] } as never);
  const record = { integrity: [] as Finding[] };
  await verifyRestore.execute({
    state: { restorePoint: { manifest: { content: before } }, database: {}, recovery: { notRefreshed: [] } },
    record,
    signal: new AbortController().signal,
    progress: () => ({ info: () => {} }),
    judge: (findings: readonly Finding[]) => judged.push(...findings),
  } as unknown as DrillContext);
  expect(judged).toEqual(expect.arrayContaining(record.integrity));
  return Object.fromEntries(judged.map(({ check, verdict }) => [check, verdict]));
}

test('a restored server that is as the manifest says is green', async () => {
  expect(await verified(before)).toMatchObject({
    'integrity.rows': 'pass',
    'integrity.content': 'pass',
    'integrity.schema': 'pass',
    'restore.ways-out': 'pass',
  });
});

test('what the restored server holds is held against the manifest, not against itself, and judged', async () => {
  const tables = { ...before.tables, 'public.u': { rows: 2, digest: 'd3' } };
  expect(await verified({ ...before, tables })).toMatchObject({
    'integrity.rows': 'fail',
    'integrity.content': 'fail',
  });
});

test('a way out that goes out by itself is judged in the same place', async () => {
  expect(await verified(before, 'by-itself')).toMatchObject({ 'restore.ways-out': 'fail' });
});
