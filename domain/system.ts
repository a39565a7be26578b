import type { AppLaunch, SearchAccess, StoreAccess, StoreName } from './service.ts';
import type { Progress } from './timeline.ts';

/** Planted personal data with a recognisable value that the leak scanner must find before masking and never after. */
export interface Canary {
  /** Counts from 1. */
  id: number;
  /** The planted text, unique in the whole system. */
  value: string;
  kind: 'column' | 'free-text' | 'json' | 'array' | 'audit';
  /** Where it was planted: `schema.table.column`, for the report. */
  place: string;
}

export interface SeedManifest {
  /** Number that made the data; the same seed and rows give the same content. */
  seed: number;
  /** Number of customers (or of what the system counts by). */
  rows: number;
  tables: Record<string, number>;
  objects: number;
  documents: number;
  canaries: Canary[];
}

export interface SeedOptions {
  seed: number;
  rows: number;
  progress: Progress;
  signal?: AbortSignal;
}

/** Credentials of the application, made for one run. Probes and markers name them by key, e.g. `admin`. */
export type Tokens = Readonly<Record<string, string>>;

/**
 * Numbered writes into one store through its real write path. `write` resolves when the store has acknowledged.
 * `survivors` asks the store itself which numbers it still has. A write that leaves parts in other stores too, such as
 * the row of a file, names them: without one of its parts a client cannot use what was acknowledged, so it is lost.
 */
export interface MarkerChannel {
  store: StoreName;
  /** The path a write takes, for the report: `POST /api/orders`. */
  path: string;
  write(sequence: number, signal: AbortSignal): Promise<void>;
  survivors(): Promise<number[]>;
  /** Its parts in other stores, each with the numbers that this store still has of them. */
  elsewhere?: readonly { store: StoreName; survivors: () => Promise<number[]> }[];
}

export interface MarkerAccess extends StoreAccess {
  apiUrl: string;
  tokens: Tokens;
}

/** What the search index must hold, asked of the database, and what it does hold, asked of the index. */
export interface SearchContent {
  index: string;
  /** Digest of each document's content by its id. */
  expected: Map<string, string>;
  actual: Map<string, string>;
}

/** A row that an index shows, and what is done to it after the newest backup. */
export interface IndexEdit {
  index: string;
  /** Of the row and of its document. */
  id: string;
  kind: 'changed' | 'deleted';
}

/** How rows that a search index shows are added, changed and deleted through the application, as its users do. */
export interface IndexEdits {
  /** Adds rows that can be changed and deleted later. Safe to repeat. */
  add(access: MarkerAccess, signal: AbortSignal): Promise<void>;
  /** What to edit: rows that were added, and one of the seed, drawn by a number. At least one is changed and one deleted. */
  plan(access: MarkerAccess, seed: number): Promise<IndexEdit[]>;
  /** Does it; the index follows before it resolves. */
  apply(access: MarkerAccess, edits: readonly IndexEdit[], signal: AbortSignal): Promise<void>;
}

export interface ReindexOptions {
  progress: Progress;
  signal?: AbortSignal;
  /** ISO 8601; absent for all rows. */
  changedSince?: string;
}

export interface ReindexResult {
  /** Documents that were indexed. */
  documents: number;
  /** Documents that were removed, since the database has no row for them. */
  removed: number;
}

/** What the database says of one object. */
export interface ReferencedObject {
  key: string;
  /** Of its content, hex. */
  sha256: string;
  /** Id of the row that refers to it. */
  rowId: string;
  /** ISO 8601: when the row was written. */
  writtenAt: string;
}

/** A path by which the application stores or gives back a file, and why it did not, where it did not. */
export interface FileOperation {
  /** `POST /files`. */
  path: string;
  error?: string;
}

/** The objects of a system, as its database knows them. */
export interface SystemObjects {
  readonly buckets: readonly string[];
  /** Every object of a bucket that a row refers to, once, sorted by key in the order of its bytes (`COLLATE "C"`). */
  references(stores: Pick<StoreAccess, 'postgres'>, bucket: string): AsyncIterable<ReferencedObject>;
  /** Puts an object, new or over one that is there, as a user does; resolves when the application has acknowledged. */
  upload(
    access: MarkerAccess,
    object: { bucket: string; key: string; text: string },
    signal: AbortSignal,
  ): Promise<void>;
  /** Stores files and takes them back by each path of the application, into every bucket, and compares them. */
  testFiles(access: MarkerAccess, signal: AbortSignal): Promise<FileOperation[]>;
}

export interface AppOptions {
  stores: StoreAccess;
  tokens: Tokens;
  /** Which instance: `production`, `recovered`, `staging`. */
  role: string;
  /** Only administrators are served; `POST /admin/reindex` works before the application is open again. */
  maintenance?: boolean;
  /** Background workers are wanted too. */
  worker: boolean;
  /** Default true. False: what stands in front of several servers never takes a failed one out of rotation. */
  failover?: boolean;
}

/** One of several servers behind a load balancer, as that sees it. */
export interface ServerState {
  name: string;
  /** It answers now, asked directly. */
  answers: boolean;
  /** Requests of clients are passed to it. */
  inRotation: boolean;
}

/** Ports for the processes of an application. */
export interface AppPorts {
  /** Where clients reach the application. */
  front: number;
  /** Another free one. */
  free(): Promise<number>;
}

/**
 * A system that can be drilled. The harness knows it through this interface alone: everything that names a table,
 * a bucket or an endpoint of it is behind it or in its runbook.
 */
export interface SystemUnderDrill {
  readonly name: string;
  readonly title: string;
  /** What `rows` counts, for people: `customers`. */
  readonly rowUnit: string;
  readonly defaultRows: number;
  readonly database: string;
  /** sha256 over what makes its schema, hex: another one says that a migration came since. */
  schemaSha256(): Promise<string>;
  /** Creates schema, roles, buckets and indexes in empty stores and fills them. */
  seed(stores: StoreAccess, options: SeedOptions): Promise<SeedManifest>;
  /** Creates buckets and indexes without content, as a staging system starts. Needs no database. */
  prepareEmptyStores(stores: Omit<StoreAccess, 'postgres'>): Promise<void>;
  /**
   * Gives the application's login roles on a server their passwords of this run, after a restore that brought roles
   * without passwords.
   */
  setCredentials(stores: StoreAccess, tokens: Tokens): Promise<void>;
  createTokens(): Tokens;
  /** The processes of the application, in groups in the order of their start; those of a group start at once. */
  app(options: AppOptions, ports: AppPorts): Promise<AppLaunch[][]>;
  markerChannels(access: MarkerAccess): MarkerChannel[];
  /**
   * Rebuilds every index from the database through the application's own way (runbook: `POST /admin/reindex`), and
   * waits for the end. What the database does not have is gone from the index afterwards. With `changedSince` only rows
   * that changed at that instant or later are indexed, and documents without a row removed. A system without search
   * has none.
   */
  reindex?(access: MarkerAccess, options: ReindexOptions): Promise<ReindexResult>;
  /** Changes and deletions between backup and fault, which a catch-up must not miss; a system without search has none. */
  readonly indexEdits?: IndexEdits;
  /** Compares index and database by content. Read in pages; memory is bounded by ids and digests. */
  searchContent?(stores: StoreAccess): Promise<SearchContent[]>;
  /** All documents of all indexes, as JSON text a line, for the leak scanner. */
  searchDocuments?(search: SearchAccess): AsyncIterable<{ index: string; line: string }>;
  /**
   * Milliseconds since the worker's last sign of life, by the database; `undefined` when it never gave one. A system
   * without workers has none.
   */
  workerHeartbeatAgeMs?(stores: StoreAccess): Promise<number | undefined>;
  /** The servers behind its load balancer, asked of that; a system with one server has none. */
  servers?(access: MarkerAccess): Promise<ServerState[]>;
  /** Where its rows refer to objects, and which buckets there are; a system without objects has none. */
  readonly objects?: SystemObjects;
}
