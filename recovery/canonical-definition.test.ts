import { expect, test } from 'vitest';
import { canonicalDefinition } from './canonical-definition.ts';

/** What the server prints at first, and what it prints of that once it has read it back. */
const prints: readonly [first: string, second: string][] = [
  [
    `((code)::text = ANY ((ARRAY['a'::character varying, 'b, c'::character varying, 'it''s [d]'::character varying])::text[]))`,
    `((code)::text = ANY (ARRAY[('a'::character varying)::text, ('b, c'::character varying)::text, ('it''s [d]'::character varying)::text]))`,
  ],
  [
    `ANY ((ARRAY[ARRAY['a'::character varying], ARRAY['b'::character varying]])::text[])`,
    `ANY (ARRAY[ARRAY[('a'::character varying)::text], ARRAY[('b'::character varying)::text]])`,
  ],
  [
    `ANY ((ARRAY[lower('x, y'::text), NULL::text])::shop."odd type"(10)[])`,
    `ANY (ARRAY[(lower('x, y'::text))::shop."odd type"(10), (NULL::text)::shop."odd type"(10)])`,
  ],
];

test.for(prints)('%s is read back as %s', ([first, second]) => {
  expect(canonicalDefinition(first)).toBe(second);
  expect(canonicalDefinition(second)).toBe(second);
});

test('text inside a definition is never changed: a line feed, a body, a comment, a quotation', () => {
  const untouched = [
    `BEGIN\n  -- guard\n  IF NEW.n > 1 THEN RAISE EXCEPTION 'no'; END IF;\n\n  RETURN NEW;\nEND  \n`,
    `AS $$ SELECT (ARRAY['a'::varchar])::text[] $$`,
    `'(ARRAY[''a''::varchar])::text[]'`,
    `-- (ARRAY['a'::varchar])::text[]\nx`,
    `E'\\'(ARRAY[1])::text[]'`,
    `/* (ARRAY[1])::text[] /* nested */ */`,
    `(ARRAY[1, 2])[1]`,
    `(ARRAY[1, 2`,
  ];
  for (const text of untouched) expect(canonicalDefinition(text)).toBe(text);
});
