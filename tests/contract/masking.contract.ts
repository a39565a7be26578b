import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRed } from '../../domain/verdict.ts';
import { judgeMaskedCopy, type MaskedCopyObservation } from '../../checks/masking.ts';
import type { RestorePoint } from '../../domain/recovery.ts';
import type { PostgresServer } from '../../domain/service.ts';
import type { MaskingPlan } from '../../masking/plan.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { clubCanaries, clubPolicy, clubRows, clubSchema, withMemberRules } from './masking-club.ts';
import { createBench, filesHolding, filesUnder, observeCopy, sql, type MaskingBench } from './masking-support.ts';

const programs = await findPostgresPrograms();
const why = 'missing' in programs ? programs.missing : undefined;
/** What no byte of the masked server may hold; the note is in the data as UTF-8, as here. */
const planted = clubCanaries.map(({ value }) => value).filter((value) => !value.startsWith('Hyacinth'));

describe.skipIf(why !== undefined)(
  `masking, against PostgreSQL${why === undefined ? '' : ` (skipped: ${why})`}`,
  () => {
    let bench: MaskingBench;
    let point: RestorePoint;

    beforeAll(async () => {
      bench = await createBench('club');
      await sql(bench.source, clubSchema);
      await sql(bench.source, clubRows);
      point = await bench.backup();
    });
    afterAll(async () => bench?.[Symbol.asyncDispose]());

    describe('a copy under a whole policy', () => {
      let copy: PostgresServer;
      let masking: MaskingPlan;
      let observation: MaskedCopyObservation;

      beforeAll(async () => {
        copy = await bench.server('copy');
        masking = await bench.restoreMasked(point, copy, clubPolicy);
        observation = await observeCopy(bench.source, point, copy, clubPolicy, clubCanaries);
      });

      it('passes every check', () => {
        expect(judgeMaskedCopy(observation).filter(({ verdict }) => isRed(verdict))).toEqual([]);
      });

      it('holds what the rules say, and the rest as it was', async () => {
        const [first, second] = await sql<Record<string, unknown>>(
          copy,
          'SELECT * FROM club.members ORDER BY id LIMIT 2',
        );
        expect(first).toMatchObject({
          id: '1',
          name: 'Test Customer 1',
          email: 'test-1@example.com',
          phone: '+10000001',
          plan: 'basic',
          note: 'masked masked masked masked\nmasked masked',
          data: { by: [{ name: 'masked', age: 0, vip: true }], 'masked-key-1': null },
          raw: { who: 'masked', at: '1970-01-01T00:00:00Z' },
          aliases: ['masked', null, ''],
          scores: [0, null, 0],
          photo: Buffer.from([0]),
          token: 'staging-1',
          state: 'active',
          label: 'Test Customer 1 (1)',
        });
        expect(second).toMatchObject({ phone: null, born: null, note: null, raw: null, scores: null, photo: null });
        expect(await sql(copy, 'SELECT * FROM club.plans ORDER BY code')).toEqual(
          await sql(bench.source, 'SELECT * FROM club.plans ORDER BY code'),
        );
        expect(await sql(copy, 'SELECT name FROM club.directory WHERE id = 1')).toEqual([{ name: 'Test Customer 1' }]);
        expect(await sql(copy, 'SELECT DISTINCT "full name" FROM club."Odd Table"')).toEqual([{ 'full name': null }]);
      });

      it('lets the scanner find every canary in the source, where it was planted, and none in the copy', () => {
        expect(observation.before.canariesFound).toEqual(clubCanaries.map(({ id }) => id));
        const places = observation.before.leaks.filter(({ detector }) => detector === 'canary');
        for (const { id, place } of clubCanaries) {
          const found = places.filter(({ canaryIds }) => canaryIds?.includes(id)).map((leak) => leak.place);
          const table = place.replaceAll('"', '').replace('club.visits.', 'club.visits_2025.');
          expect(found, `canary ${id}`).toContain(table);
        }
        expect(observation.before.leaks.map(({ detector }) => detector)).toEqual(
          expect.arrayContaining(['email', 'phone']),
        );
        expect(observation.after).toMatchObject({ canariesFound: [], leaks: [] });
      });

      it('counts what it classified and transformed', () => {
        expect(masking.statistics()).toEqual({
          columnsClassified: 27,
          rules: { keep: 11, replace: 6, redact: 6, null: 1, clear: 3 },
          rowsTransformed: 502 + 700 + 2,
        });
      });

      it('has had no unmasked byte in its data folder, its write-ahead log or its server log', async () => {
        expect(await filesHolding(copy, planted)).toEqual([]);
        // The same search finds all of them where they are, so it can find them.
        const holding = (await filesHolding(bench.source, planted)).map((line) => line.replace(/^.*?: /, ''));
        expect([...new Set(holding)].sort()).toEqual([...planted].sort());
      });

      it('has left nothing unmasked in a file outside the source server', async () => {
        const files = await filesUnder(bench.run.folder, planted);
        expect(files.filter((file) => !file.startsWith('postgres-source'))).toEqual([]);
      });
    });

    it('turns red when a rule is off: scanner, and the check of the rules', async () => {
      const copy = await bench.server('rule-off');
      await bench.restoreMasked(point, copy, withMemberRules({ note: { kind: 'keep' } }));
      const findings = judgeMaskedCopy(await observeCopy(bench.source, point, copy, clubPolicy, clubCanaries));
      const red = findings.filter(({ verdict }) => isRed(verdict));
      expect(red.map(({ check, verdict }) => [check, verdict])).toEqual([
        ['masking.canaries-after', 'fail'],
        ['masking.leaks', 'fail'],
        ['masking.rules', 'fail'],
      ]);
      for (const { evidence } of red) expect(evidence?.join('\n')).toContain('club.members.note');
      expect(red[1]?.evidence?.join('\n')).toMatch(/500 times email[^]*500 times phone[^]*1000 times source-value/);
    });

    it('stops at an unclassified column before a row moves, and names every mistake', async () => {
      const copy = await bench.server('unclassified');
      const policy = withMemberRules({ phone: undefined, aliases: { kind: 'redact', as: 'json' } });
      const restored = bench.restoreMasked(point, copy, policy);
      await expect(restored).rejects.toMatchObject({ code: 'policy-incomplete' });
      await expect(restored).rejects.toThrow('club.members.phone: not classified');
      await expect(restored).rejects.toThrow('club.members.aliases: `redact: json` on a column of type text[]');
      expect(await sql(copy, `SELECT to_regnamespace('club') AS schema`)).toEqual([{ schema: null }]);
      expect(await filesHolding(copy, planted)).toEqual([]);
    });
  },
);
