import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRed } from '../../domain/verdict.ts';
import { judgeMaskedCopy, type MaskedCopyObservation } from '../../checks/masking.ts';
import type { ColumnRule, MaskingPolicy } from '../../domain/masking.ts';
import type { Canary } from '../../domain/system.ts';
import { readColumns } from '../../masking/columns.ts';
import { withPostgres } from '../../stack/clients.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { createBench, observeCopy, psql, sql, type MaskingBench } from './masking-support.ts';

const file = process.env['FIREDRILL_SAMPLE_DATABASE'];
const programs = await findPostgresPrograms();
const why = file ? ('missing' in programs ? programs.missing : undefined) : 'FIREDRILL_SAMPLE_DATABASE names no file';

/** Rules for the people in the Chinook sample database; whatever is not named here is kept. */
const person = (id: string, name: string): Record<string, ColumnRule> => ({
  first_name: { kind: 'replace', template: 'Test' },
  last_name: { kind: 'replace', template: `${name} {${id}}` },
  company: { kind: 'redact', as: 'text' },
  address: { kind: 'redact', as: 'text' },
  postal_code: { kind: 'null' },
  birth_date: { kind: 'replace', template: '1970-01-01' },
  phone: { kind: 'replace', template: `+1000000{${id}}` },
  fax: { kind: 'replace', template: `+1000000{${id}}` },
  email: { kind: 'replace', template: `test-{${id}}@example.com` },
});
const rules: Record<string, Record<string, ColumnRule>> = {
  'public.customer': person('customer_id', 'Customer'),
  'public.employee': person('employee_id', 'Employee'),
  'public.invoice': { billing_address: { kind: 'redact', as: 'text' }, billing_postal_code: { kind: 'null' } },
};

/** Real values of the sample as canaries: they stand in several tables, so each place of them must be masked. */
const canaryQueries: [string, string][] = [
  ['public.customer.address', 'SELECT address AS value FROM customer ORDER BY customer_id LIMIT 20'],
  ['public.customer.email', 'SELECT email AS value FROM customer ORDER BY customer_id'],
  ['public.customer.phone', 'SELECT phone AS value FROM customer WHERE phone IS NOT NULL ORDER BY customer_id'],
  ['public.employee.email', 'SELECT email AS value FROM employee ORDER BY employee_id'],
];

describe.skipIf(why !== undefined)(
  `masking of a sample database${why === undefined ? '' : ` (skipped: ${why})`}`,
  () => {
    let bench: MaskingBench;
    let observation: MaskedCopyObservation;
    let copied: { full: string; email: string }[];

    beforeAll(async () => {
      bench = await createBench('sample');
      const script = await readFile(file!, 'utf8');
      // The script makes a database of its own; here it is loaded into the one that there is.
      await psql(bench.source, script.replaceAll(/^(DROP DATABASE|CREATE DATABASE|\\c) .*$/gm, ''));
      const canaries: Canary[] = [];
      for (const [place, query] of canaryQueries) {
        for (const { value } of await sql<{ value: string }>(bench.source, query)) {
          canaries.push({ id: canaries.length + 1, value, kind: 'column', place });
        }
      }
      const columns = await withPostgres(bench.source.connection, readColumns);
      const policy: MaskingPolicy = { tables: {} };
      for (const { schema, table, column } of columns) {
        const name = `${schema}.${table}`;
        (policy.tables[name] ??= { columns: {} }).columns[column] = rules[name]?.[column] ?? { kind: 'keep' };
      }
      const point = await bench.backup();
      const copy = await bench.server('copy');
      await bench.restoreMasked(point, copy, policy);
      observation = await observeCopy(bench.source, point, copy, policy, canaries);
      copied = await sql(
        copy,
        `SELECT first_name || ' ' || last_name AS full, email FROM customer ORDER BY customer_id`,
      );
    });
    afterAll(async () => bench?.[Symbol.asyncDispose]());

    it('passes every check, with every canary found before and none after', () => {
      expect(judgeMaskedCopy(observation).filter(({ verdict }) => isRed(verdict))).toEqual([]);
      expect(observation.before.canariesFound).toHaveLength(observation.canaries.length);
      expect(observation.canaries.length).toBeGreaterThan(100);
    });

    it('finds e-mail addresses and phone numbers in the source by their patterns alone', () => {
      const found = observation.before.leaks.filter(({ detector }) => detector !== 'canary');
      expect(found).toEqual(
        expect.arrayContaining([
          { detector: 'email', place: 'public.customer.email', count: 59 },
          { detector: 'email', place: 'public.employee.email', count: 8 },
          { detector: 'phone', place: 'public.customer.phone', count: 58 },
        ]),
      );
      expect(found.map(({ place }) => place.split('.').at(-1))).not.toContain('name');
    });

    it('gives people of the staging system', () => {
      expect(copied[0]).toEqual({ full: 'Test Customer 1', email: 'test-1@example.com' });
      expect(copied).toHaveLength(59);
    });
  },
);
