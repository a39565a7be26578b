import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceDigests } from './source-digests.ts';

const add = (digests: SourceDigests, kind: 'e' | 'p', value: string) =>
  digests.add(kind, Buffer.from(value), 0, Buffer.byteLength(value));
const has = (digests: SourceDigests, kind: 'e' | 'p', value: string) =>
  digests.has(kind, Buffer.from(value), 0, Buffer.byteLength(value));

describe('SourceDigests', () => {
  it('is a set of values, each under its kind', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (values, others) => {
        const digests = new SourceDigests();
        for (const value of values) add(digests, 'e', value);
        expect(digests.size).toBe(new Set(values).size);
        for (const value of [...values, ...others]) expect(has(digests, 'e', value)).toBe(values.includes(value));
        for (const value of values) expect(has(digests, 'p', value)).toBe(false);
      }),
    );
  });

  it('grows', () => {
    const digests = new SourceDigests();
    for (let index = 0; index < 50_000; index++) add(digests, 'e', `person-${index}@mail.test`);
    expect(digests.size).toBe(50_000);
    expect(has(digests, 'e', 'person-49999@mail.test')).toBe(true);
    expect(has(digests, 'e', 'person-50000@mail.test')).toBe(false);
  });
});
