import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity } from 'age-encryption';
import { execa } from '../../programs/execa.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DrillError } from '../../domain/drill-error.ts';
import type { DatabaseContent, RestorePoint } from '../../domain/recovery.ts';
import type { PostgresServer } from '../../domain/service.ts';
import { latestRestorePoint, listRestorePoints } from '../../recovery/restore-points.ts';
import { findOnPath } from '../../stack/native/find-program.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import * as support from './backup-support.ts';

const { bucket, contentOf, createBackupBench, differences, flipped, sql, storedKeys, unfinishedUploads } = support;
const programs = await findPostgresPrograms();
const why = 'missing' in programs ? ` (skipped: ${programs.missing})` : '';
const lacking = async (...names: string[]): Promise<string> => {
  const missing = [];
  for (const name of names) if ((await findOnPath(name)) === undefined) missing.push(name);
  return missing.length === 0 ? '' : ` (skipped: no ${missing.join(', ')} on PATH)`;
};
const noTools = await lacking('age', 'zstd');
const noXz = await lacking('xz');

describe.skipIf(why !== '')(`backup and restore, against PostgreSQL${why}`, () => {
  let bench: support.BackupBench;
  let point: RestorePoint;
  let before: DatabaseContent;

  beforeAll(async () => {
    bench = await createBackupBench('vault');
    await sql(bench.source, support.vaultSchema);
    before = await contentOf(bench.source);
    point = await bench.backup({ setId: 'set-7' });
  });
  afterAll(async () => bench?.[Symbol.asyncDispose]());

  it('records in the manifest what the source holds, and the set that it is part of', async () => {
    expect(await latestRestorePoint({ store: bench.access, bucket })).toEqual(point);
    expect(point.manifest.setId).toBe('set-7');
    // What pg_dump prints is taken with a backup, and not by the observer alone.
    const { statements, ...observed } = point.manifest.content;
    expect(Object.keys(statements?.definitions ?? {})).not.toEqual([]);
    expect(differences(before, observed)).toEqual([]);
    expect(Object.values(before.tables).map(({ rows }) => rows)).toContain(0);
    expect(before.tables['vault.items']?.rows).toBe(6);
  });

  it('restores everything as it was', async () => {
    const target = await bench.server('target');
    const result = await bench.restore(point, target);
    const after = await contentOf(target);
    expect(differences(before, after)).toEqual([]);
    expect(after).toEqual(before);
    expect(result.rowsLoaded).toBe(2 + 6 + 900 + 3);
    const notes = 'SELECT id, note, raw, tags FROM vault.items ORDER BY id';
    expect(await sql(target, notes)).toEqual(await sql(bench.source, notes));
    const login = await sql(target, `SELECT rolpassword <> '' AS set FROM pg_authid WHERE rolname = 'keeper'`);
    expect(login).toEqual([{ set: true }]);
  });

  it('loads no row where the plan says so, and leaves passwords behind when told to', async () => {
    const target = await bench.server('no-rows');
    const plan = () => ({ load: 'none' as const });
    const result = await bench.restore(point, target, { plan, roles: 'without-passwords' });
    const after = await contentOf(target);
    expect(result.rowsLoaded).toBe(0);
    expect(Object.values(after.tables).filter(({ rows }) => rows > 0)).toEqual([]);
    expect(Object.keys(after.tables).sort()).toEqual(Object.keys(before.tables).sort());
    expect(after).toMatchObject({ constraints: before.constraints, indexes: before.indexes, grants: before.grants });
    expect(await sql(target, 'SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL AND oid <> 10')).toEqual([]);
  });

  it.skipIf(noXz !== '')(`goes round with xz as well${noXz}`, async () => {
    const packed = await bench.backup({ compression: 'xz', prefix: 'xz/' });
    const target = await bench.server('xz');
    await bench.restore(packed, target);
    expect(differences(before, await contentOf(target))).toEqual([]);
    expect((await bench.verify(packed)).findings.map(({ verdict }) => verdict)).toEqual(['pass']);
  });

  it.skipIf(noTools !== '')(`writes what the ordinary tools read${noTools}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firedrill-artefact-'));
    try {
      const [keyFile, file] = [join(folder, 'key'), join(folder, 'dump')];
      await writeFile(keyFile, `${bench.identity}\n`, { mode: 0o600 });
      const open = async (key: string, tool: string, args: string[]): Promise<string> => {
        await writeFile(file, await support.readObject(bench.objects, key));
        const { stdout } = await execa('age', ['-d', '-i', keyFile, file], { buffer: false })
          .pipe('zstd', ['-d', '-c'], { buffer: false })
          .pipe(tool, args);
        return stdout;
      };
      const pgRestore = 'folder' in programs ? join(programs.folder, 'pg_restore') : '';
      const list = await open(point.manifest.dump.key, pgRestore, ['--list']);
      expect(list).toMatch(/TABLE DATA vault items /);
      expect(list).toMatch(/POLICY vault items only, fine /);
      expect(await open(point.manifest.roles.key, 'cat', [])).toContain('CREATE ROLE "Odd Reader"');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  describe('a backup that cannot be used', () => {
    let spoilt: PostgresServer;
    beforeAll(async () => {
      spoilt = await bench.server('spoilt');
    });

    /** The one error of a restore: a `DrillError` with this code, and the key in no message. */
    const refused = async (broken: RestorePoint, code: string, identity = bench.identity): Promise<void> => {
      const error: unknown = await bench.restore(broken, spoilt, { identity }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(DrillError);
      expect(error).toMatchObject({ code });
      expect(String(error)).not.toContain(identity);
      // Nothing half-written is left of it: neither tables nor roles.
      expect(await sql(spoilt, `SELECT oid FROM pg_class WHERE oid >= 16384`)).toEqual([]);
      expect(await sql(spoilt, `SELECT rolname FROM pg_roles WHERE rolname = 'keeper'`)).toEqual([]);
    };
    const red = async (broken: RestorePoint): Promise<void> => {
      const { findings } = await bench.verify(broken);
      expect(findings.map(({ check, verdict }) => [check, verdict])).toEqual([['backup.verified', 'fail']]);
      expect(findings[0]?.evidence).not.toEqual([]);
    };

    it('passes the verification while it is whole', async () => {
      const { findings, observation } = await bench.verify(point);
      expect(findings).toMatchObject([{ check: 'backup.verified', verdict: 'pass' }]);
      expect(observation.stored?.sha256).toBe(point.manifest.dump.sha256);
    });

    it('is refused with the wrong key', async () => {
      const other = await generateX25519Identity();
      await refused(point, 'decryption-failed', other);
      await expect(bench.verify(point, other)).rejects.toMatchObject({ code: 'decryption-failed' });
    });

    it.each([
      ['cut short', 'cut', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
      ['with one byte less', 'less', (bytes: Buffer) => bytes.subarray(0, -1)],
      ['with one flipped byte in its middle', 'flip', (bytes: Buffer) => flipped(bytes, bytes.length >> 1)],
      ['with its last byte flipped', 'last', (bytes: Buffer) => flipped(bytes, bytes.length - 1)],
    ])('is refused %s', async (_title, key, change) => {
      const broken = await support.withChangedDump(bench, point, `damaged/${key}`, change);
      await refused(broken, 'backup-invalid');
      await red(broken);
    });

    it('is not restored over a database that holds something', async () => {
      const restoring = bench.restore(point, bench.source);
      await expect(restoring).rejects.toMatchObject({ code: 'restore-failed' });
      await expect(restoring).rejects.toThrow(/not empty: expected a database that holds nothing, actual it holds /);
      expect(await contentOf(bench.source)).toEqual(before);
    });

    it('is refused without its dump', async () => {
      const broken = support.withDumpKey(point, 'damaged/nowhere');
      await refused(broken, 'backup-missing');
      await red(broken);
    });
  });

  describe('restore points', () => {
    it('come by the instant they cover, whatever their names are and whatever was stored last', async () => {
      await support.copyBackup(bench, point, 'order/m', '2025-03-03T00:00:00.000Z');
      await support.copyBackup(bench, point, 'order/z', '2025-03-02T23:59:59.999Z');
      await support.copyBackup(bench, point, 'order/a', '2024-12-31T00:00:00.000Z');
      await bench.objects.putObject(bucket, 'order/b.manifest.json', '{"schemaVersion": 1, "id": "b"');
      await bench.objects.putObject(bucket, 'order/c.manifest.json', '{"schemaVersion": 1}');
      await support.copyBackup(bench, point, 'order/n', '2025-04-04T00:00:00.000Z');
      await bench.objects.removeObject(bucket, 'order/n.dump.zst.age');
      const location = { store: bench.access, bucket, prefix: 'order/' };
      const { restorePoints, rejected } = await listRestorePoints(location);
      expect(restorePoints.map(({ manifestKey }) => manifestKey)).toEqual(
        ['m', 'z', 'a'].map((name) => `order/${name}.manifest.json`),
      );
      const reasons = Object.fromEntries(rejected.map(({ manifestKey, reason }) => [manifestKey, reason]));
      expect(Object.keys(reasons).sort()).toEqual(['b', 'c', 'n'].map((name) => `order/${name}.manifest.json`));
      expect(reasons['order/b.manifest.json']).toContain('not JSON');
      expect(reasons['order/n.manifest.json']).toBe('order/n.dump.zst.age is missing');
      expect((await latestRestorePoint(location)).manifestKey).toBe('order/m.manifest.json');
    });

    it('are missed where there is none', async () => {
      const location = { store: bench.access, bucket, prefix: 'none/' };
      expect(await listRestorePoints(location)).toEqual({ restorePoints: [], rejected: [] });
      await expect(latestRestorePoint(location)).rejects.toMatchObject({ code: 'backup-missing' });
    });
  });

  describe('a backup that does not come to its end', () => {
    it.each(['before it begins', 'at its snapshot', 'in the middle of its upload'])(
      '%s leaves nothing',
      async (when) => {
        // Does not compress, so that the upload has several parts.
        await sql(
          bench.source,
          `CREATE EXTENSION IF NOT EXISTS pgcrypto; CREATE TABLE IF NOT EXISTS public.bulk AS
         SELECT i, gen_random_bytes(1024) AS noise FROM generate_series(1, 24 * 1024) AS i`,
        );
        const stored = await storedKeys(bench.objects);
        const controller = new AbortController();
        if (when === 'before it begins') controller.abort();
        const info = (): void => void (when === 'at its snapshot' && controller.abort());
        const advance = vi.fn(() => controller.abort());
        const aborted = bench.backup({ signal: controller.signal, progress: { info, advance }, prefix: 'aborted/' });
        await expect(aborted).rejects.toMatchObject({ code: 'interrupted', name: 'DrillError' });
        expect(advance.mock.calls.length > 0).toBe(when === 'in the middle of its upload');
        expect(await storedKeys(bench.objects)).toEqual(stored);
        expect(await unfinishedUploads(bench.objects)).toEqual([]);
      },
    );

    it('would be seen by what it left', async () => {
      const uploadId = await bench.objects.initiateNewMultipartUpload(bucket, 'aborted/x', {});
      expect(await unfinishedUploads(bench.objects)).toEqual(['aborted/x']);
      await bench.objects.abortMultipartUpload(bucket, 'aborted/x', uploadId);
    });

    it('names a store that nobody answers for', async () => {
      const store = { ...bench.access, port: await bench.run.freePort() };
      const code = { code: 'service-unreachable', name: 'DrillError' };
      await expect(bench.backup({ store })).rejects.toMatchObject(code);
      await expect(bench.restore(point, bench.source, { store })).rejects.toMatchObject(code);
      await expect(listRestorePoints({ store, bucket })).rejects.toMatchObject(code);
    });
  });
});
