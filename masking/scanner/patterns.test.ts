import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Detector } from './finds.ts';
import { PatternSearch } from './pattern-search.ts';
import { SourceDigests } from './source-digests.ts';

/** What is found in a text, in its order. */
function foundIn(text: string, options: { collect?: SourceDigests; sourceDigests?: SourceDigests } = {}): Detector[] {
  const found: Detector[] = [];
  const bytes = Buffer.from(text);
  new PatternSearch(options).search(bytes, 0, bytes.length, {
    found: (detector) => found.push(detector),
    unicodeEscape: () => {},
  });
  return found;
}

describe('e-mail addresses', () => {
  it.each([
    'ana@pop.ro',
    'Write to ana.pop+x@mail.pop.example, please',
    '{"to": "ana@pop.ro"}',
    '{ana@pop.ro,NULL}',
    String.raw`line\nana@pop.ro`,
    'mailto:ana%40pop.ro',
    'test-1@example.org',
    'test-1@example.com.ro',
    'attest-1@example.com',
    'test-ana.pop@example.com',
    'test-@example.com',
    'ana@pop.ro.',
    'ștefan@pop.ro',
  ])('%j is one', (text) => {
    expect(foundIn(text)).toEqual(['email']);
  });

  it.each([
    'test-17@example.com',
    'x test-7c1f2b9e-6d1c-4b55-9a55-0a4c8a1d1f00@example.com.',
    String.raw`line\ntest-17@example.com`,
    'root@localhost',
    'icon@2x.png',
    'fast-check@4.10.2',
    '@decorator.name',
    'a@.ro',
    'a @ b.ro',
    'ana@pop..ro',
    '100%',
  ])('%j is none', (text) => {
    expect(foundIn(text)).toEqual([]);
  });
});

describe('phone numbers', () => {
  it.each([
    '+40721555123',
    'Call +40 721 555 123 after six',
    '+40 (0) 721-555-123',
    '+1 (555) 234-5678',
    '+55 (12) 3923-5555',
    '+49 0711 2842222',
    '+373.22.123.456',
    '+40 721 555 123 2024-01-01',
    '0040 721 555 123',
    String.raw`x\n+40721555123`,
    'tel=%2B40721555123',
    '{"phone": "+40721555123"}',
    '(+40721555123)',
  ])('%j is one', (text) => {
    expect(foundIn(text)).toEqual(['phone']);
  });

  it.each([
    '+10000007',
    '+1000000123456 and more',
    '+1000000200 0721',
    '2024-01-01 12:34:56.123456+00',
    '2024-01-01 12:34:56+05:30',
    '1e+100000000000',
    '+12 345 678',
    '+1 234 567',
    '+0721555123',
    'a+40721555123',
    '+40721555123abc',
    '+9912345678901234567',
    '0000012345678',
    '0012345678905',
    '09-01-2024 12:30',
    '0721 555 123',
    '3704 0044 0532 0130 00',
  ])('%j is none', (text) => {
    expect(foundIn(text)).toEqual([]);
  });
});

describe('IBANs', () => {
  it.each([
    'RO49AAAA1B31007593840000',
    'IBAN: GB82 WEST 1234 5698 7654 32.',
    'DE89370400440532013000',
    String.raw`x\nDE89370400440532013000`,
  ])('%j is one', (text) => {
    expect(foundIn(text)).toEqual(['iban']);
  });

  it.each([
    'RO49AAAA1B31007593840001',
    'DE8937040044053201300',
    'DE893704004405320130001',
    'XX89370400440532013000',
    'ADE89370400440532013000',
  ])('%j is none', (text) => {
    expect(foundIn(text)).toEqual([]);
  });
});

describe('card numbers', () => {
  it.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    'card 5555-5555-5555-4444, ok',
    '3782 822463 10005',
    '4111 1111 1111 1111 12',
    '{"pan":"4111111111111111"}',
  ])('%j is one', (text) => {
    expect(foundIn(text)).toEqual(['card']);
  });

  it.each([
    '4111111111111112',
    '0.4111111111111111',
    '4111111111111111.5',
    'ab4111111111111111',
    '1732186800000000',
    '4111-1111-1111-111111111111',
    '7c1f2b9e-4111-4111-8111-411111111111',
    '2024 2025 2026 2027',
  ])('%j is none', (text) => {
    expect(foundIn(text)).toEqual([]);
  });
});

describe('codes and numbers of a business', () => {
  const hash = (index: number) => createHash('sha1').update(String(index)).digest('hex');
  const made = {
    UUIDs: (index: number) =>
      hash(index)
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-4$3-8$4-$5')
        .toLowerCase(),
    hashes: hash,
    base64: (index: number) => Buffer.from(hash(index), 'hex').toString('base64'),
    instants: (index: number) =>
      new Date(1.6e12 + index * 7_654_321).toISOString().replace('T', ' ').replace('Z', '+00'),
    amounts: (index: number) => `${index * 7919}.${index % 100} +${index} -${index}`,
    counters: (index: number) => String(index * 104_729).padStart(12, '0'),
    networks: (index: number) => `10.${index % 256}.${index % 199}.${index % 77}/24 2001:db8::${index.toString(16)}`,
    versions: (index: number) => `v1.${index}.0+build.${index} node@24.${index}.1`,
  };
  const source = new SourceDigests();
  foundIn('+40721555123 ana@pop.ro', { collect: source });

  it.each(Object.entries(made))('%s are not taken for personal values', (_name, make) => {
    const text = Array.from({ length: 100_000 }, (_, index) => make(index)).join('\t');
    expect(foundIn(text, { sourceDigests: source })).toEqual([]);
  });
});

describe('values of the source', () => {
  const source = new SourceDigests();
  foundIn('Ana.Pop@Mail.ro +40 721-555.123 DE89370400440532013000 4111 1111 1111 1111', { collect: source });

  it.each<[string, Detector[]]>([
    ['ana.pop@mail.ro', ['email', 'source-value']],
    ['ana.pop%40mail.ro', ['email', 'source-value']],
    ['ana@mail.ro', ['email']],
    ['+40721555123', ['phone', 'source-value']],
    ['0040 721 555 123', ['phone', 'source-value']],
    ['+40721555124', ['phone']],
    ['0721 555 123', ['source-value']],
    ['tel. 0721-555-123!', ['source-value']],
    ['2 0721 555 123', ['source-value']],
    ['0721555124', []],
    ['DE89 3704 0044 0532 0130 00', ['iban', 'source-value']],
    ['4111111111111111', ['card', 'source-value']],
  ])('%j is told as %j', (text, expected) => {
    expect(foundIn(text, { sourceDigests: source })).toEqual(expected);
  });
});
