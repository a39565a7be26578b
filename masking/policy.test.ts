import { describe, expect, it } from 'vitest';
import type { ColumnRule, MaskingPolicy } from '../domain/masking.ts';
import { checkClassified, policyProblems } from './policy.ts';
import type { KnownColumn } from './rule-problem.ts';

const keep: ColumnRule = { kind: 'keep' };
const column = (name: string, type: string, more: Partial<KnownColumn> = {}): KnownColumn => ({
  schema: 'club',
  table: 'members',
  column: name,
  type,
  ...more,
});
const columns = [
  column('id', 'bigint', { notNull: true }),
  column('name', 'character varying(20)'),
  column('mail', 'club.address', { baseType: 'citext' }),
  column('data', 'jsonb'),
  column('tags', 'text[]'),
  column('born', 'date'),
  column('seat', 'integer'),
];
const good: Record<string, ColumnRule> = {
  id: keep,
  name: { kind: 'replace', template: 'Test {id}' },
  mail: { kind: 'redact', as: 'text' },
  data: { kind: 'redact', as: 'json' },
  tags: { kind: 'redact', as: 'array' },
  born: { kind: 'replace', template: '1970-01-01' },
  seat: keep,
};
const policy = (changes: Record<string, ColumnRule | undefined>): MaskingPolicy => {
  const rules = Object.entries({ ...good, ...changes }).flatMap(([name, rule]) =>
    rule ? [[name, rule] as const] : [],
  );
  return { tables: { 'club.members': { columns: Object.fromEntries(rules) } } };
};

describe('checkClassified', () => {
  it('passes a policy that classifies every column', () => {
    expect(() => checkClassified(policy({}), columns)).not.toThrow();
  });

  it('names every mistake at once', () => {
    const wrong = policy({ name: undefined, gone: keep, data: { kind: 'redact', as: 'text' } });
    wrong.tables['club.nothing'] = { columns: {} };
    const more = [...columns, { ...column('token', 'text'), table: 'sessions' }];
    expect(policyProblems(wrong, more)).toEqual([
      'club.members.data: `redact: text` on a column of type jsonb',
      'club.members.gone: a rule for a column that does not exist or is generated',
      'club.members.name: not classified',
      'club.nothing: a rule for a table that does not exist (a partition follows its parent)',
      'club.sessions.token: not classified',
    ]);
    expect(() => checkClassified(wrong, more)).toThrow(
      expect.objectContaining({ code: 'policy-incomplete', message: expect.stringContaining('5 mistakes') as string }),
    );
    expect(() => checkClassified(wrong, more)).toThrow('club.sessions.token: not classified');
  });

  it('refuses a name that stands for two tables: a rule for one would be taken for the other', () => {
    const dotted = [
      { ...column('id', 'bigint'), schema: 'a.b', table: 'c' },
      { ...column('id', 'bigint'), schema: 'a', table: 'b.c' },
    ];
    const both: MaskingPolicy = { tables: { 'a.b.c': { columns: { id: keep } } } };
    expect(policyProblems(both, dotted)).toEqual([expect.stringContaining('a.b.c: stands for tables of two schemas')]);
    expect(policyProblems(both, dotted.slice(1))).toEqual([]);
  });

  it('asks for no rule in a table that is cleared, but for none too many either', () => {
    const cleared: MaskingPolicy = { tables: { 'club.members': { clear: true, columns: {} } } };
    expect(policyProblems(cleared, columns)).toEqual([]);
    cleared.tables['club.members']!.columns['gone'] = keep;
    expect(policyProblems(cleared, columns)).toHaveLength(1);
  });

  it.each<[string, ColumnRule, string]>([
    ['id', { kind: 'null' }, '`null` on a column that is NOT NULL'],
    ['id', { kind: 'replace', template: 'Test {seat}' }, '`replace` makes no value of type bigint'],
    ['id', { kind: 'redact', as: 'json' }, '`redact: json` on a column of type bigint'],
    ['name', { kind: 'redact', as: 'json' }, '`redact: json` on a column of type character varying(20)'],
    ['name', { kind: 'redact', as: 'array' }, '`redact: array` on a column of type character varying(20)'],
    ['name', { kind: 'replace', template: 'longer than twenty characters' }, 'it is longer'],
    [
      'name',
      { kind: 'replace', template: '{nobody}' },
      'the template names {nobody}, which club.members does not have',
    ],
    ['name', { kind: 'replace', template: '{mail}' }, 'the template names {mail}, which is itself masked'],
    ['data', { kind: 'replace', template: '{' }, '`replace` makes no value of type jsonb'],
    ['born', { kind: 'replace', template: 'unknown' }, '`replace` makes no value of type date'],
    ['tags', { kind: 'redact', as: 'text' }, '`redact: text` on a column of type text[]'],
  ])('refuses for %s the rule %j', (name, rule, problem) => {
    const problems = policyProblems(policy({ [name]: rule }), columns).filter((line) =>
      line.startsWith(`club.members.${name}: `),
    );
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  it.each<[string, ColumnRule]>([
    ['id', { kind: 'replace', template: '0' }],
    ['data', { kind: 'replace', template: '{"id": {id}}' }],
    ['data', { kind: 'replace', template: '{}' }],
    ['tags', { kind: 'replace', template: '{}' }],
    ['born', { kind: 'null' }],
  ])('takes for %s the rule %j', (name, rule) => {
    const changed = name === 'id' ? policy({ [name]: rule, name: keep }) : policy({ [name]: rule });
    expect(policyProblems(changed, columns)).toEqual([]);
  });

  it('refuses the redaction of arrays whose elements it does not know', () => {
    const dates = columns.map((one) => (one.column === 'tags' ? { ...one, type: 'date[]' } : one));
    expect(policyProblems(policy({}), dates)).toEqual([expect.stringContaining('only elements that are')]);
  });
});
