import { z } from 'zod';
import type { ColumnRule, LargeObjectRule } from '../domain/masking.ts';
import { text } from './scalars.ts';

/** A column's rule as written: `keep`, `{ keep: reason }`, `null`, `{ replace: … }` or `{ redact: text | json | array }`. */
const columnRule = z
  .union(
    [
      z.literal('keep'),
      z.literal('null'),
      z.strictObject({ keep: text.describe('Why it may be kept, though it looks like a secret or like free text.') }),
      z.strictObject({ replace: text }),
      z.strictObject({ redact: z.enum(['text', 'json', 'array']) }),
    ],
    { error: 'expected keep, { keep: reason }, null, { replace: template } or { redact: text | json | array }' },
  )
  .transform((written): ColumnRule => {
    if (written === 'keep' || written === 'null') return { kind: written };
    if ('keep' in written) return { kind: 'keep', reason: written.keep };
    if ('replace' in written) return { kind: 'replace', template: written.replace };
    return { kind: 'redact', as: written.redact };
  });

/** The rule for large objects as written: `drop`, `{ keep: reason }` or `{ replace: text }`. */
export const largeObjectRule = z
  .union(
    [
      z.literal('drop'),
      z.strictObject({ keep: text.describe('Why they may be kept: nothing in them is masked.') }),
      z.strictObject({ replace: text.describe('What each of them holds in the copy.') }),
    ],
    { error: 'expected drop, { keep: reason } or { replace: text }' },
  )
  .transform((written): LargeObjectRule => {
    if (written === 'drop') return { kind: 'drop' };
    if ('keep' in written) return { kind: 'keep', reason: written.keep };
    return { kind: 'replace', text: written.replace };
  });

/** A table is either cleared or has a rule for every column. */
export const tablePolicy = z
  .strictObject({
    clear: z.literal(true).optional().describe('No row of the table is copied.'),
    columns: z.record(z.string(), columnRule).optional(),
  })
  .refine((policy) => (policy.clear === undefined) !== (policy.columns === undefined), {
    message: 'expected exactly one of `clear: true` and `columns`',
  });
