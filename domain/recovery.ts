/** Content of one table: number of rows and a digest that does not depend on their order. */
export interface TableContent {
  rows: number;
  digest: string;
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
  /** sha256 over `columns`, `functions`, `views` and `others`; the other lists have checks of their own. */
  schemaChecksum: string;
  tables: Record<string, TableContent>;
  sequences: SequenceState[];
  /** `schema.table.column type …`. */
  columns: string[];
  /** `schema.table name definition [valid|not valid]`. */
  constraints: string[];
  /** `schema.name definition [valid|invalid]`. */
  indexes: string[];
  extensions: string[];
  /** Roles but for the server's own, with attributes and memberships. */
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
