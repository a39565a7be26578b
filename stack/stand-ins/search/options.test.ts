import { afterEach, describe, expect, it, vi } from 'vitest';
import { readOptions } from './options.ts';

afterEach(() => vi.unstubAllEnvs());

describe('readOptions', () => {
  it('has the defaults of the real command', () => {
    vi.stubEnv('MEILI_MASTER_KEY', undefined);
    expect(readOptions([])).toMatchObject({
      host: 'localhost',
      port: 7700,
      dbPath: './data.ms',
      dumpDir: 'dumps/',
      snapshotDir: 'snapshots/',
      env: 'development',
      ignoreMissingDump: false,
      httpPayloadSizeLimitBytes: 104_857_600,
    });
    expect(readOptions([])).not.toHaveProperty('masterKey');
    expect(readOptions([])).not.toHaveProperty('scheduleSnapshotMs');
  });

  it('takes every setting from the environment, a flag before it', () => {
    vi.stubEnv('MEILI_HTTP_ADDR', '[::1]:7711');
    vi.stubEnv('MEILI_DB_PATH', 'here');
    vi.stubEnv('MEILI_IMPORT_DUMP', 'some.dump');
    vi.stubEnv('MEILI_IGNORE_DUMP_IF_DB_EXISTS', 'true');
    vi.stubEnv('MEILI_IGNORE_MISSING_DUMP', 'false');
    vi.stubEnv('MEILI_SCHEDULE_SNAPSHOT', '60');
    vi.stubEnv('MEILI_HTTP_PAYLOAD_SIZE_LIMIT', '1000');
    expect(readOptions(['--db-path', 'there', '--no-analytics'])).toMatchObject({
      host: '::1',
      port: 7711,
      dbPath: 'there',
      importDump: 'some.dump',
      ignoreDumpIfDbExists: true,
      ignoreMissingDump: false,
      scheduleSnapshotMs: 60_000,
      httpPayloadSizeLimitBytes: 1000,
    });
  });

  it('takes snapshots once a day when no time is given', () => {
    expect(readOptions(['--schedule-snapshot']).scheduleSnapshotMs).toBe(86_400_000);
  });

  it('wants a master key of 16 bytes in production, and does not repeat the one that was given', () => {
    vi.stubEnv('MEILI_ENV', 'production');
    vi.stubEnv('MEILI_MASTER_KEY', undefined);
    expect(() => readOptions([])).toThrow('You must provide a master key');
    expect(() => readOptions(['--master-key', 'fifteen-bytes--'])).toThrow('The provided key is only 15 bytes.');
    expect(() => readOptions(['--master-key', 'fifteen-bytes--'])).not.toThrow('fifteen-bytes--');
    expect(readOptions(['--master-key', 'sixteen-bytes---']).masterKey).toBe('sixteen-bytes---');
  });

  it('refuses an address without a port', () => {
    expect(() => readOptions(['--http-addr', 'localhost'])).toThrow('the address to listen on is wrong');
  });
});
