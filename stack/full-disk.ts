/** The words of a full disk: of the system, of PostgreSQL (`disk_full`), of MinIO and of Meilisearch. */
const fullDisk =
  /no space left|ENOSPC|disk (is )?full|53100|XMinioStorageFull|minimum free drive|no_space_left_on_device/i;

/** Whether a service says with these words that its disk is full: in an answer, or in its log. */
export function saysDiskFull(words: string): boolean {
  return fullDisk.test(words);
}
