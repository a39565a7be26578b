import type { ColumnRule, MaskingPolicy } from '../../domain/masking.ts';
import type { Canary } from '../../domain/system.ts';

/** A small system of its own with every kind of place that personal data hides in. */
export const clubSchema = `
  CREATE EXTENSION citext;
  CREATE SCHEMA club;
  CREATE DOMAIN club.address AS citext CHECK (VALUE LIKE '%@%');
  CREATE TYPE club.state AS ENUM ('active', 'left');
  CREATE TABLE club.plans (code text PRIMARY KEY, price numeric(10, 2) NOT NULL, label text);
  CREATE TABLE club.members (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(60) NOT NULL,
    email club.address NOT NULL UNIQUE,
    phone varchar(30),
    born date,
    plan text REFERENCES club.plans,
    note text,
    data jsonb NOT NULL DEFAULT '{}',
    raw json,
    aliases text[] NOT NULL DEFAULT '{}',
    scores integer[],
    photo bytea,
    token text UNIQUE,
    state club.state NOT NULL DEFAULT 'active',
    joined timestamptz NOT NULL DEFAULT '2024-05-01 10:00:00+00',
    label text GENERATED ALWAYS AS (name || ' (' || id || ')') STORED
  );
  CREATE UNIQUE INDEX members_email_lower ON club.members (lower(email::text));
  CREATE INDEX members_active ON club.members (joined) WHERE state = 'active';
  CREATE TABLE club.visits (
    id bigint NOT NULL, member bigint NOT NULL REFERENCES club.members, at date NOT NULL, remark text,
    PRIMARY KEY (id, at)
  ) PARTITION BY RANGE (at);
  CREATE TABLE club.visits_2024 PARTITION OF club.visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
  CREATE TABLE club.visits_2025 (at date NOT NULL, remark text, id bigint NOT NULL, member bigint NOT NULL);
  ALTER TABLE club.visits ATTACH PARTITION club.visits_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE club.sessions (token uuid PRIMARY KEY, member bigint NOT NULL REFERENCES club.members, agent text);
  CREATE TABLE club."Odd Table" (id int PRIMARY KEY, "full name" text);
  CREATE MATERIALIZED VIEW club.directory AS SELECT id, name, email FROM club.members;
  CREATE UNIQUE INDEX directory_id ON club.directory (id);`;

/** Planted values and the column that each stands in. */
export const clubCanaries: Canary[] = [
  { id: 1, value: 'Zaharia Quintescu-Wyx', kind: 'column', place: 'club.members.name' },
  { id: 2, value: 'zq.canary-two@mailbox.quintescu.ro', kind: 'column', place: 'club.members.email' },
  { id: 3, value: '+40 799 813 003', kind: 'column', place: 'club.members.phone' },
  { id: 4, value: 'Ottilia Brâncovescu "Ţuţu"', kind: 'free-text', place: 'club.members.note' },
  { id: 5, value: "Leopoldina O'Wyxbury", kind: 'json', place: 'club.members.data' },
  { id: 6, value: 'Hyacinth Éowyndale', kind: 'json', place: 'club.members.raw' },
  { id: 7, value: 'Quirinus "the Wyx" Vandervoort', kind: 'array', place: 'club.members.aliases' },
  { id: 8, value: 'exif:Balthazar Wyxenstein', kind: 'column', place: 'club.members.photo' },
  { id: 9, value: 'tok_wyx_9f2c77ab31', kind: 'column', place: 'club.members.token' },
  { id: 10, value: 'Perpetua Wyxhaven called', kind: 'audit', place: 'club.visits.remark' },
  { id: 11, value: 'Agent of Wyxford', kind: 'column', place: 'club.sessions.agent' },
  { id: 12, value: 'Thessaly Wyxmoor', kind: 'column', place: 'club."Odd Table"."full name"' },
];

const text = (id: number): string => {
  const value = clubCanaries.find((canary) => canary.id === id)!.value;
  return `'${value.replaceAll("'", "''")}'`;
};

/** Ordinary members and, as number 1 and 2, those that carry the canaries. */
export const clubRows = `
  INSERT INTO club.plans VALUES ('basic', 10, 'Basic'), ('full', 99.90, 'Everything\\tincluded');
  INSERT INTO club.members (name, email, phone, born, plan, note, data, raw, aliases, scores, photo, token) VALUES
    (${text(1)}, ${text(2)}, ${text(3)}, '1984-02-29', 'basic', 'Met ' || ${text(4)} || E'\\nand wrote\\tit down\\\\.',
      jsonb_build_object('by', jsonb_build_array(jsonb_build_object('name', ${text(5)}, 'age', 41, 'vip', true)),
        'someone@else.ro', null),
      replace('{"who": "Hyacinth Eowyndale", "at": "2024-05-01T10:00:00Z"}', 'Eo', '\\u00c9o')::json,
      ARRAY[${text(7)}, NULL, ''], '{1,NULL,3}', convert_to('JFIF ' || ${text(8)}, 'UTF8'), ${text(9)}),
    ('No-one', 'nobody@else.ro', NULL, NULL, NULL, NULL, '{}', NULL, '{}', NULL, NULL, NULL);
  INSERT INTO club.members (name, email, phone, born, plan, note, data, aliases, token)
    SELECT 'Member ' || i, 'person' || i || '@mail' || i % 7 || '.ro', '+40721' || 100000 + i, '1990-01-01', 'full',
      'Call +40 721 ' || 100000 + i || ' or person' || i || '@mail' || i % 7 || '.ro',
      jsonb_build_object('email', 'person' || i || '@mail' || i % 7 || '.ro', 'n', i), ARRAY['alias ' || i], 'tok_' || md5(i::text)
    FROM generate_series(1, 500) AS i;
  INSERT INTO club.visits
    SELECT i, 1 + i % 502, date '2024-01-01' + i, CASE WHEN i = 400 THEN ${text(10)} ELSE 'visit ' || i END
    FROM generate_series(1, 700) AS i;
  INSERT INTO club.sessions SELECT gen_random_uuid(), id, ${text(11)} FROM club.members;
  INSERT INTO club."Odd Table" VALUES (1, ${text(12)}), (2, NULL);
  REFRESH MATERIALIZED VIEW club.directory;`;

const keep: ColumnRule = { kind: 'keep' };
const replace = (template: string): ColumnRule => ({ kind: 'replace', template });
const redact = (as: 'text' | 'json' | 'array'): ColumnRule => ({ kind: 'redact', as });

/** A policy that masks all of it. */
export const clubPolicy: MaskingPolicy = {
  tables: {
    'club.plans': { columns: { code: keep, price: keep, label: keep } },
    'club.members': {
      columns: {
        id: keep,
        name: replace('Test Customer {id}'),
        email: replace('test-{id}@example.com'),
        phone: replace('+1000000{id}'),
        born: replace('1970-01-01'),
        plan: keep,
        note: redact('text'),
        data: redact('json'),
        raw: redact('json'),
        aliases: redact('array'),
        scores: redact('array'),
        photo: replace('\\x00'),
        token: replace('staging-{id}'),
        state: keep,
        joined: keep,
      },
    },
    'club.visits': { columns: { id: keep, member: keep, at: keep, remark: redact('text') } },
    'club.sessions': { clear: true, columns: {} },
    'club.Odd Table': { columns: { id: keep, 'full name': { kind: 'null' } } },
  },
};

/** The policy with other rules for columns of the members; `undefined` takes a rule away. */
export function withMemberRules(changes: Record<string, ColumnRule | undefined>): MaskingPolicy {
  const columns = { ...clubPolicy.tables['club.members']!.columns, ...changes };
  const rules = Object.entries(columns).flatMap(([name, rule]) => (rule ? [[name, rule] as const] : []));
  return { tables: { ...clubPolicy.tables, 'club.members': { columns: Object.fromEntries(rules) } } };
}
