import type { Mutation } from './mutation.ts';

const scan = { test: 'masking/scan.test.ts' };
const patterns = { test: 'masking/scanner/patterns.test.ts' };

/** What the scanner looks at, and what it knows again. */
export const scanner: readonly Mutation[] = [
  {
    name: 'secrets-unknown-hash',
    file: 'masking/sensitive-values.ts',
    find: '  /SCRAM-SHA-\\d+\\$\\d+:/,\n',
    replace: '',
    why: 'a verifier of a PostgreSQL role is no secret',
    caughtBy: { test: 'masking/sensitive-values.test.ts' },
  },
  {
    name: 'scan-documents-passed-over',
    file: 'masking/scan.ts',
    find: '    scan(asRow(line));\n',
    replace: '',
    why: 'the documents of the search index are not looked at',
    caughtBy: scan,
  },
  {
    name: 'scan-escapes',
    file: 'masking/scanner/row-scanner.ts',
    find: 'for (const row of escapedRows) scanDecoded(rows.subarray(row, rowEnd(rows, row)));',
    replace: '',
    why: 'what an escape in a JSON column hides is not seen',
    caughtBy: scan,
  },
  {
    name: 'scan-bytes-in-arrays',
    file: 'masking/scanner/row-scanner.ts',
    find: 'const compound = fields.flatMap(({ type }, index) => (scalar.test(type) ? [] : [index]));',
    replace: 'const compound: number[] = [];',
    why: 'bytes inside of arrays and compound values are not looked at',
    caughtBy: scan,
  },
  {
    name: 'scan-json-columns',
    file: 'masking/scanner/row-scanner.ts',
    find: 'found: (detector, at, canaryId) => tally.add(detector, placeOf(rows, at), canaryId),',
    replace:
      'found: (detector, at, canaryId) => fields.some(({ place, type }) => place === placeOf(rows, at) && /^jsonb?$/.test(type)) || tally.add(detector, placeOf(rows, at), canaryId),',
    why: 'all JSON columns are passed over',
    caughtBy: scan,
  },
  {
    name: 'scan-rows-uncounted',
    file: 'masking/scanner/tally.ts',
    find: 'if (read) read.rows += rows;',
    replace: 'if (read) read.rows = rows;',
    why: 'how much of a place was read is told wrongly',
    caughtBy: scan,
  },
  {
    name: 'scan-email-dead',
    file: 'masking/scanner/pattern-search.ts',
    find: 'if (email === undefined || isTestEmail(this.#bytes, email)) return;',
    replace: 'if (email !== undefined || at >= 0) return;',
    why: 'no e-mail address is ever seen',
    caughtBy: patterns,
  },
  {
    name: 'scan-source-values-forgotten',
    file: 'masking/scanner/source-digests.ts',
    find: 'return this.#slots[place] !== 0 || this.#slots[place + 1] !== 0;',
    replace: 'return this.#slots[place] === undefined;',
    why: 'values of the source are not known again in the copy',
    caughtBy: { test: 'masking/scanner/source-digests.test.ts' },
  },
  {
    name: 'scan-a-table-passed-over',
    file: 'masking/scanner/relations.ts',
    find: 'return [...relations, largeObjects, ...definitionTexts()];',
    replace: 'return [...relations.slice(1), largeObjects, ...definitionTexts()];',
    why: 'the scanner passes over the greatest table',
    caughtBy: { test: 'tests/contract/masking.contract.ts' },
    slow: true,
  },
];
