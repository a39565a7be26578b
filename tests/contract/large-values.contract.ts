import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RestorePoint } from '../../domain/recovery.ts';
import type { PostgresServer } from '../../domain/service.ts';
import { peakMemory } from '../../bench/peak-memory.ts';
import { observeServer } from '../../recovery/observe-server.ts';
import { restoreByScript } from '../../recovery/restore-by-script.ts';
import { connectPostgres } from '../../stack/clients.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { createBackupBench, differences, sql, type BackupBench } from './backup-support.ts';

const programs = await findPostgresPrograms();
const why = 'missing' in programs ? ` (skipped: ${programs.missing})` : '';
const mebibyte = 1024 * 1024;

describe.skipIf(why !== '')(`values of many megabytes, against PostgreSQL${why}`, () => {
  let bench: BackupBench;
  let restorePoint: RestorePoint;
  let whole: PostgresServer;

  beforeAll(async () => {
    bench = await createBackupBench('scans');
    await sql(
      bench.source,
      `CREATE TABLE kept (id int PRIMARY KEY, page text);
       INSERT INTO kept VALUES (1, repeat('page 1', ${11 * mebibyte}));
       CREATE TABLE masked (id int PRIMARY KEY, page text);
       INSERT INTO masked SELECT n, repeat('x', ${24 * mebibyte}) FROM generate_series(1, 2) AS n;
       SELECT lo_from_bytea(4711, convert_to(repeat('object', ${3 * mebibyte}), 'UTF8')), lo_create(4712);
       COMMENT ON LARGE OBJECT 4711 IS 'a scan';`,
    );
    restorePoint = await bench.backup();
  }, 180_000);

  afterAll(async () => {
    await bench?.[Symbol.asyncDispose]();
  }, 60_000);

  it('are restored in less memory than one of them has', async () => {
    whole = await bench.server('whole');
    const before = process.memoryUsage.rss();
    using memory = peakMemory(10);
    await bench.restore(restorePoint, whole);
    // The rows that wait for the server have 32 MB; the value has 66.
    expect(memory.peakBytes() - before).toBeLessThan(66 * mebibyte);
    const expected = restorePoint.manifest.content;
    expect(differences(expected, await observeServer(whole, { expected }))).toEqual([]);
  }, 180_000);

  it('and large objects are restored by us as by the script of pg_restore, which reads what we cannot', async () => {
    const { source } = bench;
    const target = await bench.server('script');
    const tool = source.tool('pg_dump', ['--format=custom', '--compress=0', '--exclude-table=public.*']);
    const clients = [await connectPostgres(target.connection), await connectPostgres(target.connection)] as const;
    const controller = new AbortController();
    const abort = { signal: controller.signal, abort: (reason: unknown) => controller.abort(reason) };
    await restoreByScript(tool.stdout as AsyncIterable<Buffer>, target, { clients }, abort);
    await tool.completed;
    await Promise.all(clients.map((client) => client.end()));
    const objects = `SELECT oid, md5(lo_get(oid)), obj_description(oid, 'pg_largeobject') AS comment
      FROM pg_largeobject_metadata ORDER BY oid`;
    const found = await sql(source, objects);
    expect(found).toHaveLength(2);
    expect(await sql(target, objects)).toEqual(found);
    expect(await sql(whole, objects)).toEqual(found);
  }, 180_000);

  it('are masked in a few times the memory that one has, where they have to be held', async () => {
    const target = await bench.server('copy');
    const before = process.memoryUsage.rss();
    using memory = peakMemory(10);
    await bench.restore(restorePoint, target, {
      plan: ({ table }) =>
        table === 'masked' ? { load: 'transformed', transform: (rows) => Buffer.from(rows) } : { load: 'none' },
    });
    expect(memory.peakBytes() - before).toBeLessThan(6 * 24 * mebibyte);
    expect(await sql(target, 'SELECT count(*)::int AS rows, sum(length(page))::int AS length FROM masked')).toEqual([
      { rows: 2, length: 48 * mebibyte },
    ]);
  }, 180_000);

  it('are refused where one that has to be masked is larger than the limit, and nothing of it stays', async () => {
    const target = await bench.server('refused');
    const failed = bench.restore(restorePoint, target, {
      plan: () => ({ load: 'transformed', transform: (rows) => Buffer.from(rows) }),
    });
    await expect(failed).rejects.toMatchObject({
      code: 'masking-failed',
      message: expect.stringContaining('a row of public.kept is too large to be masked') as string,
    });
    expect(await sql(target, `SELECT FROM pg_class WHERE relname IN ('kept', 'masked')`)).toEqual([]);
  }, 180_000);
});
