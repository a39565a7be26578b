/** What a run ran on, so that two runs can be told to have run on the same. */
export interface SourceState {
  /** Absent where there is no git. */
  gitRevision?: string;
  /**
   * Files that take part in a drill and differ from that revision, from the project's folder; empty: the tree was clean.
   * Absent where git does not say, and in records of earlier versions.
   */
  uncommittedFiles?: string[];
  /** sha256 over the files that take part in a drill; absent in records of earlier versions. */
  sourceSha256?: string;
}

/** What two runs ran on, for people: `revision 0123456789ab, files fedcba987654`. */
export function sourceWords({ gitRevision, sourceSha256 }: Pick<SourceState, 'gitRevision' | 'sourceSha256'>): string {
  const known = [
    ...(gitRevision === undefined ? [] : [`revision ${gitRevision.slice(0, 12)}`]),
    ...(sourceSha256 === undefined ? [] : [`files ${sourceSha256.slice(0, 12)}`]),
  ];
  return known.length === 0 ? 'not known' : known.join(', ');
}
