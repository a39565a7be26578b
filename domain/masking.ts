import type { Sensitivity } from './sensitive-names.ts';

/**
 * What happens to a column's value on its way into the masked copy. `NULL` stays `NULL` under every rule.
 * - `keep`: passes unchanged; `reason` says why, where it looks like a secret or like free text.
 * - `replace`: becomes the template; `{name}` stands for the value of a column of the same row.
 * - `redact`: free text, JSON or an array; the words go, the structure (JSON keys, array length) stays.
 * - `null`: becomes NULL.
 */
export type ColumnRule =
  | { kind: 'keep'; reason?: string }
  | { kind: 'replace'; template: string }
  | { kind: 'redact'; as: 'text' | 'json' | 'array' }
  | { kind: 'null' };

export interface TablePolicy {
  /** True: no row of the table is copied (sessions). Its columns need no rule. */
  clear?: boolean;
  /** Rule of every column, by its name. */
  columns: Record<string, ColumnRule>;
}

/**
 * What happens to the large objects of a database. Columns that refer to them have rules of their own.
 * - `drop`: the copy has none.
 * - `keep`: all of them pass unchanged; `reason` says why they may.
 * - `replace`: each stays, with its owner and grants; its content becomes the text, its comment goes.
 */
export type LargeObjectRule = { kind: 'drop' } | { kind: 'keep'; reason: string } | { kind: 'replace'; text: string };

/** Under this name the large objects of a database are counted and scanned. */
export const largeObjects = 'pg_catalog.pg_largeobject';

/** The rule of every column of the schema: `schema.table` to its policy. */
export interface MaskingPolicy {
  tables: Record<string, TablePolicy>;
  /** Default: `drop`. */
  largeObjects?: LargeObjectRule;
}

/** The rule for large objects under a policy. */
export function largeObjectRule({ largeObjects: rule = { kind: 'drop' } }: MaskingPolicy): LargeObjectRule {
  return rule;
}

/** A column of a database, as its catalogue names it. Generated columns are not listed: they follow from the others. */
export interface ColumnRef {
  schema: string;
  table: string;
  column: string;
  /** As `format_type` prints it. */
  type: string;
}

/** One leak found by the scanner. The value itself is never part of it. */
export interface Leak {
  /** What was recognised: `canary`, `email`, `phone`, `iban`, `card`, `source-value`. */
  detector: string;
  /** `schema.table.column` or `index:name`. */
  place: string;
  count: number;
  /** Only for `canary`: which ones. */
  canaryIds?: number[];
}

/** How much of a table or an index there is, or was read. */
export interface PlaceExtent {
  rows: number;
  columns: number;
}

/** `schema.table` or `index:name` to how much of it there is, or was read. */
export type PlaceExtents = Readonly<Record<string, PlaceExtent>>;

export interface ScanResult {
  rowsScanned: number;
  columnsScanned: number;
  /** What was read, table by table and index by index, empty ones too. */
  read: PlaceExtents;
  /** Numbers of the canaries that were found. */
  canariesFound: number[];
  leaks: Leak[];
  durationMs: number;
}

/** A value that a detector of the scanner must tell in a place. */
export interface OwedLeak {
  detector: string;
  place: string;
}

/** What the scanner was shown of its own, and what it told. */
export interface ScannerProof {
  owed: readonly OwedLeak[];
  leaks: readonly Leak[];
}

/** A column that the policy keeps and that can hold text, with what a sample of its values looks like. */
export interface KeptColumnObservation {
  /** `schema.table.column`. */
  place: string;
  /** Why the policy keeps it. */
  reason?: string;
  byName?: Sensitivity;
  /** Values in the sample that are not empty. */
  values: number;
  secrets: number;
  proseTexts: number;
}

/** A role of the masked copy. The password itself is never part of it. */
export interface RolePasswordObservation {
  role: string;
  hasPassword: boolean;
  /** Its verifier is the one that a role of production has, or a password of production opens it. */
  ofProduction: boolean;
}

/** Where a write went that was made through the staging application. */
export interface StagingStoreObservation {
  store: string;
  /** `POST /api/messages`. */
  path: string;
  inCopy: boolean;
  inProduction: boolean;
}

/** A table of a dump: its columns in the order of its COPY rows. */
export interface TableShape {
  schema: string;
  table: string;
  columns: { name: string; type: string }[];
}

/**
 * Takes whole rows in COPY text format (each ends in a line feed, never the final `\\.`) and gives the rows to load.
 * Called chunk by chunk in the order of the dump; keeps no reference to its input.
 */
export type RowTransform = (rows: Buffer) => Buffer;

/** What a restore does with the rows of one table. */
export type TablePlan =
  | { load: 'all' }
  | { load: 'none' }
  | { load: 'transformed'; transform: RowTransform; elsewhere?: TransformModule; through?: PartitionedRoot };

/** The table that rows of a partition are loaded through, since their masked key may belong into another partition. */
export interface PartitionedRoot {
  schema: string;
  table: string;
  /** The masked columns of its keys. */
  maskedKey: readonly string[];
}

/** How the same transform is made in another process, which no function can be sent to. */
export interface TransformModule {
  /** URL of a module that exports `createTransform(data): RowTransform`. */
  module: string;
  /** What it is called with; it can be sent between processes (structured clone). */
  data: unknown;
  /** Told how many rows went through it, once the table is loaded. */
  onRows?: (rows: number) => void;
}

/** What a masked column holds, asked of the masked database itself. */
export interface MaskedColumnObservation {
  /** `schema.table.column`. */
  place: string;
  /** The rule in words: `replace test-{id}@example.com`. */
  rule: string;
  rows: number;
  /** Rows with a value that the rule cannot have made. */
  violations: number;
}
