import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import type { Canary } from '../domain/system.ts';

/**
 * Made-up personal values, one for each detector of the scanner, and kinds of places to show them in. They are made
 * here, by other code than the scanner's, and are of nobody.
 */
export interface Specimen {
  detector: string;
  /** As it would be written by a person. */
  value: string;
}

export interface Specimens {
  canary: Pick<Canary, 'id' | 'value'>;
  all: readonly Specimen[];
}

/** The number under which the specimen of a canary is told; those of a system count from 1. */
const canaryId = 2 ** 31 - 1;

/** Specimens drawn by a seed. */
export function makeSpecimens(seed: number): Specimens {
  const digest = createHash('sha512').update(`specimens ${seed}`).digest();
  const letters = [...digest].map((byte) => 'abcdefghijklmnopqrstuvwxyz'[byte % 26]!).join('');
  const digits = [...digest].map((byte) => String(byte % 10)).join('');
  const name = `${letters.slice(0, 9)} ${letters.slice(9, 20)}`;
  return {
    canary: { id: canaryId, value: name },
    all: [
      { detector: 'canary', value: name },
      { detector: 'email', value: `${letters.slice(20, 28)}@${letters.slice(28, 36)}.org` },
      { detector: 'phone', value: `+40 72${digits[0]} ${digits.slice(1, 4)} ${digits.slice(4, 7)}` },
      { detector: 'iban', value: withIbanCheck('DE', digits.slice(7, 25)) },
      { detector: 'card', value: withLuhn(`4${digits.slice(25, 39)}`) },
    ],
  };
}

/** Check digits of an IBAN, ISO 13616: the number with the country behind it is 1 modulo 97. */
function withIbanCheck(country: string, account: string): string {
  const letters = Array.from(country, (letter) => String(letter.charCodeAt(0) - 55)).join('');
  const check = 98n - (BigInt(`${account}${letters}00`) % 97n);
  return `${country}${String(check).padStart(2, '0')}${account}`;
}

/** The check digit of a card number, ISO/IEC 7812: every second digit doubled, the sum is a multiple of ten. */
function withLuhn(digits: string): string {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return digits + String((10 - (sum % 10)) % 10);
}

/** Kinds of places in a database, by the name a leak in them has, each with the SQL that puts a text into it. */
export interface SpecimenPlace {
  place: string;
  /** SQL over `value`, a literal. */
  put: (value: string) => string;
}

const into = (column: string, expression: (value: string) => string, table = 'specimens.kinds'): SpecimenPlace => ({
  place: `${table.replaceAll('"', '')}.${column}`,
  put: (value) => `INSERT INTO ${table} ("${column}") VALUES (${expression(value)})`,
});
const said = (value: string): string => `'Written by ' || ${value} || ', to be answered.'`;

/** The tables that the places are in. */
const specimenSchema = `
  CREATE SCHEMA specimens;
  CREATE DOMAIN specimens.bytes AS bytea;
  CREATE TYPE specimens.pair AS (name text, file bytea);
  CREATE TABLE specimens.kinds (
    note text, label varchar(200), data jsonb, raw json, tags text[], file bytea, wrapped specimens.bytes,
    files bytea[], pair specimens.pair, derived text GENERATED ALWAYS AS (upper(label)) STORED
  );
  CREATE UNLOGGED TABLE specimens.unlogged (note text);
  CREATE TABLE specimens."Odd "" Name" ("Full, Name" text);
  CREATE TABLE specimens.parts (key int, note text) PARTITION BY LIST (key);
  CREATE TABLE specimens.part PARTITION OF specimens.parts DEFAULT;
  CREATE TABLE specimens.child () INHERITS (specimens.unlogged);
  CREATE VIEW specimens.empty_view AS SELECT 1 AS one;`;

/** In the order that they are filled in; the materialised view and the statistics follow from the notes. */
export const specimenPlaces: readonly SpecimenPlace[] = [
  into('note', said),
  { ...into('label', said), place: 'specimens.kinds.derived' },
  into('data', (value) => `jsonb_build_object('by', jsonb_build_array(${value}))`),
  into('raw', (value) => `json_build_object('text', ${said(value)})`),
  into('tags', (value) => `ARRAY['one', ${value}]`),
  into('file', (value) => `'\\x00ff'::bytea || convert_to(' ' || ${said(value)}, 'UTF8')`),
  into('wrapped', (value) => `convert_to(${said(value)}, 'UTF8')`),
  into('files', (value) => `ARRAY[convert_to(${said(value)}, 'UTF8')]`),
  into('pair', (value) => `ROW('one', convert_to(${said(value)}, 'UTF8'))::specimens.pair`),
  into('note', said, 'specimens.unlogged'),
  into('note', said, 'specimens.child'),
  {
    place: 'specimens.Odd " Name.Full, Name',
    put: (value) => `INSERT INTO specimens."Odd "" Name" VALUES (${value})`,
  },
  { place: 'specimens.part.note', put: (value) => `INSERT INTO specimens.parts VALUES (1, ${said(value)})` },
  {
    place: 'pg_catalog.pg_largeobject.data',
    put: (value) => `SELECT lo_from_bytea(0, convert_to(${said(value)}, 'UTF8'))`,
  },
  {
    place: 'pg_catalog.pg_description.description',
    put: (value) => `
      DO $do$ BEGIN EXECUTE format('CREATE TABLE specimens.%I ()', md5(${value}));
        EXECUTE format('COMMENT ON TABLE specimens.%I IS %L', md5(${value}), ${said(value)}); END $do$`,
  },
];

/** Only where the server knows the type. */
const xmlPlace: SpecimenPlace = {
  place: 'specimens.documents.document',
  put: (value) => `INSERT INTO specimens.documents VALUES (xmlelement(name by, ${value}))`,
};

/** Fills an empty database with the specimens; those that `shown` refuses stay out. Gives the places. */
export async function plantSpecimens(
  client: Client,
  specimens: Specimens,
  shown: (specimen: Specimen, place: string) => boolean = () => true,
): Promise<string[]> {
  await client.query(specimenSchema);
  const hasXml = await client
    .query(`CREATE TABLE specimens.documents AS SELECT xmlelement(name none) AS document`)
    .then(
      () => true,
      () => false,
    );
  const places = hasXml ? [...specimenPlaces, xmlPlace] : specimenPlaces;
  for (const { place, put } of places) {
    for (const specimen of specimens.all) {
      if (shown(specimen, place)) await client.query(put(client.escapeLiteral(specimen.value)));
    }
  }
  await client.query('CREATE MATERIALIZED VIEW specimens.view AS SELECT note FROM specimens.kinds');
  return [...places.map(({ place }) => place), 'specimens.view.note'];
}
