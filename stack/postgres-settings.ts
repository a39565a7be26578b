/**
 * Settings of every Postgres server that a run starts, the first one and those that are restored into, so that their
 * times can be compared. They are those of a small production server: nothing is switched off that protects data.
 */
export const postgresSettings: Readonly<Record<string, string>> = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'replica',
  shared_buffers: '256MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  max_connections: '60',
  // Dumping a database locks each of its tables, and restoring one that goes back to an empty one all at once.
  max_locks_per_transaction: '256',
  TimeZone: 'UTC',
  log_timezone: 'UTC',
  // Files in the data folder: after a SIGKILL nothing stays behind in /dev/shm.
  dynamic_shared_memory_type: 'mmap',
};

/** The settings as arguments of the program `postgres`. */
export function settingArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
