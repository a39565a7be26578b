/** Bucket of the separate store that holds the backups. */
export const backupBucket = 'backups';
