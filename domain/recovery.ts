/**
 * How a content was observed. Only contents of the same format can be compared.
 * 1: manifests that name none: md5 over the text of a whole row, definitions on one line.
 * 2: a hash over the text of all columns by their names; definitions as the server prints them.
 * 3: the same, but that each column is hashed by itself, which takes less than half the time.
 */
export type ObservationFormat = 1 | 2 | 3;

/** Content of one table: number of rows and a digest that does not depend on their order. */
export interface TableContent {
  rows: number;
  digest: string;
}

/** By what a database stores and sorts text, as its catalogue says. */
export interface DatabaseLocale {
  /** E.g. `UTF8`. */
  encoding: string;
  collate: string;
  ctype: string;
  provider: 'libc' | 'icu' | 'builtin';
  /** Of the provider, where it is not libc: `en-US`. */
  locale?: string;
  rules?: string;
}

/** Some whole rows of a table, as COPY writes them. */
export interface TableSample {
  rows: number;
  /** sha256 of the values of each column in these rows, by its name. */
  columns: Record<string, string>;
}

/** What PostgreSQL's own tools print for each object: sha256 by a title that names it, e.g. `TABLE public.orders`. */
export interface DumpedStatements {
  /** `pg_dump --schema-only --create`: everything in the database, and what belongs to the database as such. */
  definitions: Record<string, string>;
  /** `pg_dumpall --globals-only` and the settings of every role. */
  globals: Record<string, string>;
  /** Every table that holds rows, with the root of its partitions or itself. Earlier manifests do not have it. */
  tables?: Record<string, string>;
}

export interface SequenceState {
  /** `schema.name`. */
  name: string;
  /** The next value it will hand out, as text: 64 bits do not fit a number. */
  next: string;
  /** `schema.table.column` that it feeds, where it feeds one. */
  column?: string;
  /** Greatest value in that column, as text; of a descending sequence the least; absent when the table is empty. */
  columnMax?: string;
  /** Counts down. */
  descending?: true;
}

/**
 * What a database holds, observed through one snapshot. Each list is sorted, one line of text an entry, so that two
 * observations can be compared line by line: the line is the full definition.
 */
export interface DatabaseContent {
  /** Absent in manifests of format 1. */
  format?: 2 | 3;
  /** sha256 over `columns`, `functions`, `views` and `others`; the other lists have checks of their own. */
  schemaChecksum: string;
  tables: Record<string, TableContent>;
  /** Rows of populated materialised views; a dump does not have them. Absent in format 1. */
  materialisedViews?: Record<string, TableContent>;
  /** What the queries of some of them give now: of those that differ from what was expected. Only of a restored database. */
  queriedViews?: Record<string, TableContent>;
  /** Absent in format 1, as are the next three. */
  locale?: DatabaseLocale;
  /** The superuser that initdb made, quoted where it must be. */
  bootstrapRole?: string;
  samples?: Record<string, TableSample>;
  /** Absent also where the database was looked at by a connection alone. */
  statements?: DumpedStatements;
  sequences: SequenceState[];
  /** `schema.table.column type …`. */
  columns: string[];
  /** `schema.table name definition [valid|not valid]`. */
  constraints: string[];
  /** `schema.name definition [valid|invalid]`. */
  indexes: string[];
  extensions: string[];
  /** Roles but for the predefined ones, with attributes, memberships and settings; in format 1 without the bootstrap role. */
  roles: string[];
  grants: string[];
  /** Row-level security: tables that enforce it, and their policies. */
  policies: string[];
  /** `schema.table name definition [enabled|disabled|…]`. */
  triggers: string[];
  functions: string[];
  views: string[];
  /** The rest of the schema: schemas, table options, types, rules, statistics, publications, comments. */
  others: string[];
}

export type Compression = 'zstd' | 'xz';

/** One encrypted file of a backup in the backup store. */
export interface BackupFile {
  key: string;
  /** sha256 of the stored bytes, hex. */
  sha256: string;
  sizeBytes: number;
}

/** What is written beside a backup of a database. Holds no personal data and no secret, so it is not encrypted. */
export interface BackupManifest {
  schemaVersion: 1;
  /** Unique; says nothing of the order. */
  id: string;
  /** Id of the backup of everything that it is part of, where it is. */
  setId?: string;
  database: string;
  /** `pg_dump -Fc` without compression, then `compression`, then age. */
  dump: BackupFile;
  /** `pg_dumpall --roles-only`, likewise compressed and encrypted. */
  roles: BackupFile;
  compression: Compression;
  /** The age recipient (public key) it is encrypted to. */
  recipient: string;
  /** ISO 8601: instant of the snapshot that the dump and `content` share. */
  coveredAt: string;
  startedAt: string;
  finishedAt: string;
  durationMs: number;
  /** Write-ahead log position at the snapshot. */
  lsn: string;
  serverVersion: string;
  content: DatabaseContent;
}

/** What an archive holds. */
export interface ArchiveContent {
  /** Lines of its table of contents. */
  entries: number;
  /** Rows of each table, by its `tableKey`. */
  rows: ReadonlyMap<string, number>;
}

/** What a backup of a database was found to be when it was read whole. */
export interface DatabaseBackupObservation {
  /** The stored dump; absent when it could not be read to its end. */
  stored?: Omit<BackupFile, 'key'>;
  content?: ArchiveContent;
  /** Bytes of the roles' script. */
  rolesBytes?: number;
  /** Why it cannot be restored from; empty when nothing was found. */
  problems: string[];
}

/** A backup that exists in the store, with the instant that its data covers. Restoring needs one. */
export interface RestorePoint {
  bucket: string;
  manifestKey: string;
  manifest: BackupManifest;
}

/** What a restore says of itself. Masking and verification need one. */
export interface RecoveryResult {
  restorePoint: RestorePoint;
  durationMs: number;
  rowsLoaded: number;
  tablesLoaded: number;
  /** Materialised views, as `schema.name`, that stay empty: what they read is on another server. */
  notRefreshed: string[];
}
