/** The stores whose content is held against the rows of the database. */
export const reconciledStores = ['objects', 'search'] as const;
export type ReconciledStore = (typeof reconciledStores)[number];

/** One thing that a store holds or that a row says of it. */
export interface ReconciliationEntry {
  /** What both sides know it by: the key of an object, the id of a document. Unique on its side. */
  key: string;
  /**
   * Its content in few characters, made alike on both sides: a checksum, a version, `updatedAt`, or several joined.
   * Absent or empty where the side does not know it; such a key is counted as not compared, never as the same.
   */
  digest?: string;
  /** Id of the row that the entry comes from, where the key does not say it. */
  rowId?: string;
}

/** Entries of one side, read once, in pages or one by one. */
export type ReconciliationSource = Iterable<ReconciliationEntry> | AsyncIterable<ReconciliationEntry>;

/**
 * What is wrong with a key.
 * - `dangling`: a reference to nothing: a row without its object, a document without its row.
 * - `orphan`: a thing that nothing refers to: an object without a row, a row without its document.
 * - `stale`: there on both sides, with different digests.
 * - `uncompared`: there on both sides, and one of them does not know the digest.
 */
export const differenceKinds = ['dangling', 'orphan', 'stale', 'uncompared'] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

export interface Difference {
  kind: DifferenceKind;
  key: string;
  rowId?: string;
  /** Digest that the row gives; absent where there is no row or it does not know. */
  rowDigest?: string;
  /** Digest of what the store holds. */
  itemDigest?: string;
}

/** Rows and one store, compared both ways by content. */
export interface Reconciliation {
  /** The two stores that it concerns. */
  pair: readonly ['postgres', ReconciledStore];
  /** Bucket or index that the keys are of, where there is more than one. */
  scope?: string;
  /** Entries on the side of the database. */
  rows: number;
  /** Objects or documents. */
  items: number;
  /** Keys on both sides whose digests were both known. */
  compared: number;
  /** All are counted; the first ones, in the order of their keys, are listed. */
  differences: Record<DifferenceKind, { count: number; first: Difference[] }>;
}

/** How many differences of a kind are accepted; what is not named is not accepted. */
export type ReconciliationTolerance = Partial<Record<DifferenceKind, number>>;
