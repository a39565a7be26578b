import { createHash } from 'node:crypto';

/** A column as an expression in SQL, and the function that prints its type. */
export interface HashedColumn {
  /** E.g. `t."name"`. */
  expression: string;
  /** `pg_type.typoutput`, e.g. `int8out`, of a domain that of its base type; empty where it is not the server's own. */
  output: string;
}

/**
 * SQL: 64 bits of a row (`bigint`, never null), by its columns in the order given. Each column is hashed with a seed of
 * its own, NULL is a constant of its own; the hashes are joined by exclusive or and hashed once more, since a sum over
 * rows would else not see values of one column that changed places.
 *
 * A hash is over every bit of a value: the server's hash of a type is taken only where equal values are the same bytes.
 * Of all others it is over what the output function of the type prints, which no cast of a user can replace.
 */
export function rowHash(columns: readonly HashedColumn[]): string {
  const hashes = columns.map(
    (column, index) => `coalesce(${columnHash(column, seed(`value ${index}`))}, ${seed(`null ${index}`)})`,
  );
  return `hashint4extended(0, ${joined(hashes)})`;
}

/** SQL: `output` of a column whose type's output function is `p`. */
export const columnOutput = `CASE WHEN p.pronamespace = 'pg_catalog'::regnamespace THEN p.proname ELSE '' END`;

/** Types of the server with a single representation of each value as text. */
const printed = new Set(
  `numeric_out float4out float8out oidout json_out jsonb_out inet_out cidr_out bpcharout date_out time_out timetz_out
  timestamp_out timestamptz_out interval_out bit_out varbit_out`.split(/\s+/),
);

/** SQL: null where the value is. */
function columnHash({ expression, output }: HashedColumn, number: string): string {
  switch (output) {
    case 'int2out':
    case 'int4out':
    case 'int8out':
      // It folds a number to 32 bits; all 64 of them are in the seed.
      return `hashint8extended(${expression}, ${expression} # ${number})`;
    case 'boolout':
      return `hashint4extended(${expression}::int4, ${number})`;
    case 'uuid_out':
      return `uuid_hash_extended(${expression}, ${number})`;
    case 'textout':
    case 'varcharout':
      return `hashtextextended(${expression} COLLATE "C", ${number})`;
    case 'byteaout':
      return `hash_array_extended(CASE WHEN ${expression} IS NOT NULL THEN ARRAY[${expression}::bytea] END, ${number})`;
    default:
      return printed.has(output)
        ? `hashtextextended(textin(${output}(${expression})) COLLATE "C", ${number})`
        : // Of a composite value of nulls alone IS NULL holds as well.
          `CASE WHEN num_nulls(${expression}) = 0 THEN hashtextextended(concat(${expression}) COLLATE "C", ${number}) END`;
  }
}

/** SQL: a number for each purpose, which has nothing in common with any other. */
function seed(purpose: string): string {
  return `'${createHash('sha256').update(purpose).digest().readBigInt64BE()}'::int8`;
}

/** A tree and no chain: a table has up to 1,600 columns, and a parser only so much of a stack. */
function joined(hashes: readonly string[]): string {
  if (hashes.length < 2) return hashes[0] ?? seed('no column');
  const middle = hashes.length >> 1;
  return `(${joined(hashes.slice(0, middle))} # ${joined(hashes.slice(middle))})`;
}
