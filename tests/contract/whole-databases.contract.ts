import { chmod, copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largeObjects } from '../../domain/masking.ts';
import type { PostgresServer } from '../../domain/service.ts';
import type { RestorePoint } from '../../domain/recovery.ts';
import { isRed } from '../../domain/verdict.ts';
import { judgeMaskedCopy } from '../../checks/masking.ts';
import { judgeCopyWaysOut } from '../../checks/ways-out.ts';
import { createMaskingPlan } from '../../masking/plan.ts';
import { observeServer } from '../../recovery/observe-server.ts';
import { observeWaysOut } from '../../recovery/observe-ways-out.ts';
import { withPostgres } from '../../stack/clients.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { contentOf, createBackupBench, differences, sql, type BackupBench } from './backup-support.ts';
import { everyObjectMasked, hardToMask } from '../databases/every-object-masked.ts';
import type { MaskedByRules } from '../databases/masked-by-rules.ts';
import { regressionMasked } from '../databases/regression-masked.ts';
import { createDatabase, plainDump, script } from './databases-support.ts';
import { observeCopy } from './masking-support.ts';

const programs = await findPostgresPrograms();
const sample = process.env['FIREDRILL_SAMPLE_DATABASE'];
const regression = process.env['FIREDRILL_REGRESSION_DATABASE'];
const libraries: string[] = [];

/** Databases that nobody wrote for this: each as a script, or the reason why it is not there. */
const databases: {
  title: string;
  missing: string | undefined;
  load: () => Promise<string>;
  masked?: MaskedByRules;
}[] = [
  {
    title: 'a database with an object of every kind',
    missing: undefined,
    load: async () => {
      const text = await readFile(new URL('../databases/every-object.sql', import.meta.url), 'utf8');
      return (text + hardToMask).replaceAll('CURRENT_DATABASE_NAME', '"whole"');
    },
    masked: everyObjectMasked,
  },
  {
    title: 'Chinook',
    missing: sample ? undefined : 'FIREDRILL_SAMPLE_DATABASE names no file',
    load: async () => (await readFile(sample!, 'utf8')).replaceAll(/^(DROP DATABASE|CREATE DATABASE|\\c) .*$/gm, ''),
  },
  {
    title: 'the regression database of PostgreSQL',
    missing: regression
      ? undefined
      : 'FIREDRILL_REGRESSION_DATABASE names no folder made by .ci/lib/regression-database',
    load: async () => {
      // The user of the server has to reach the libraries, wherever the folder is.
      const folder = await mkdtemp(join(tmpdir(), 'firedrill-libraries-'));
      libraries.push(folder);
      await chmod(folder, 0o755);
      for (const file of (await readdir(regression!)).filter((name) => name.endsWith('.so'))) {
        await copyFile(join(regression!, file), join(folder, file));
      }
      return (await readFile(join(regression!, 'regression.sql'), 'utf8')).replaceAll('@libdir@', folder);
    },
    masked: regressionMasked,
  },
];

/** Where a row lies among partitions by an enum, and in which order it comes from there, no dump keeps. */
const partly = ['--exclude-table-data=*.by_mood*', '--exclude-table-data=*.ht_partition*'];

/** Much more than it takes: the regression database is restored in seconds, unless the machine is starved. */
const timeout = 600_000;

afterAll(async () => {
  for (const folder of libraries) await rm(folder, { recursive: true, force: true });
});

for (const { title, missing, load, masked } of databases) {
  const why = 'missing' in programs ? programs.missing : missing;
  describe.skipIf(why !== undefined)(`${title}${why ? ` (skipped: ${why})` : ''}`, () => {
    let bench: BackupBench;
    let point: RestorePoint;
    let ours: PostgresServer;
    let copy: PostgresServer;
    beforeAll(async () => {
      bench = await createBackupBench('whole');
      await script(bench.source, await load());
      await masked?.plant?.(bench.source);
    });
    afterAll(async () => bench?.[Symbol.asyncDispose]());

    it('is backed up, and its backup is found whole', { timeout }, async () => {
      point = await bench.backup();
      expect((await bench.verify(point)).findings).toMatchObject([{ verdict: 'pass' }]);
    });

    it('is judged the same when we restored it and when pg_restore did', { timeout }, async () => {
      ours = await bench.server('ours');
      await bench.restore(point, ours);
      expect(
        differences(point.manifest.content, await observeServer(ours, { expected: point.manifest.content })),
      ).toEqual([]);
      const theirs = await createDatabase(ours, 'theirs');
      const dump = bench.source.tool('pg_dump', ['--format=custom']);
      const input = Readable.from([await buffer(dump.stdout)], { objectMode: false });
      await Promise.all([
        dump.completed,
        ours.tool('pg_restore', ['--dbname=theirs', '--exit-on-error'], { input }).completed,
      ]);
      const [one, other] = [await plainDump(ours, partly), await plainDump(theirs, partly)].map((dump) =>
        dump.split('\n'),
      );
      expect(one?.filter((line, at) => line !== other?.[at]).slice(0, 20)).toEqual([]);
      expect(one?.length).toBe(other?.length);
    });

    it('is copied without any way out, with all its rows', { timeout }, async () => {
      copy = await bench.server('copy');
      await bench.restore(point, copy, { plan: () => ({ load: 'all' }), roles: 'without-passwords' });
      // No policy says to keep them.
      const { [largeObjects]: _none, ...tables } = point.manifest.content.tables;
      expect((await contentOf(copy)).tables).toEqual(tables);
      const ways = await withPostgres(copy.connection, observeWaysOut);
      expect(judgeCopyWaysOut({ ways, notRefreshed: [] })).toMatchObject({ verdict: 'pass' });
    });

    if (masked === undefined) return;
    it('is copied under a rule of each kind', { timeout }, async () => {
      const policy = await masked.policyOf(bench.source);
      await sql(
        { ...copy, connection: { ...copy.connection, database: 'postgres' } },
        'DROP DATABASE whole WITH (FORCE)',
      );
      const masking = createMaskingPlan(policy);
      await bench.restore(point, await createDatabase(copy, 'whole'), {
        plan: (shape) => masking.plan(shape),
        largeObjects: masking.largeObjects,
        beforeRows: (client) => masking.beforeRows(client),
        roles: 'without-passwords',
      });
      const observation = await observeCopy(bench.source, point, copy, policy, masked.canaries);
      // What is masked must have been there before.
      expect(observation.before.canariesFound).toHaveLength(masked.canaries.length);
      expect(judgeMaskedCopy(observation).filter(({ verdict }) => isRed(verdict))).toEqual([]);
      await masked.look?.(copy);
      const { rules } = masking.statistics();
      for (const rule of ['replace', 'redact', 'null']) expect(rules, rule).toHaveProperty(rule);
      for (const [rule, columns] of Object.entries(rules)) expect(columns, rule).toBeGreaterThan(0);
    });
  });
}
