import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresServer } from '../../domain/service.ts';
import { withPostgres } from '../../stack/clients.ts';
import type { Implementation } from '../../stack/implementations.ts';
import { isPortOpen } from '../../stack/marks/listening-ports.ts';
import { processesOfRun } from '../../stack/marks/marked-processes.ts';
import { listSharedMemory } from '../../stack/marks/shared-memory.ts';
import { describeImplementations } from './implementations-support.ts';
import { one, sessions, until } from './postgres-support.ts';
import { toolContract } from './postgres-tools.ts';

await describeImplementations('postgres', contract);

function contract(implementation: Implementation<PostgresServer>): void {
  const isNative = implementation.name.includes('local binary');
  const seesProcesses = isNative && process.platform === 'linux';

  describe('a server that runs', () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await implementation.start();
    });
    afterAll(async () => server[Symbol.asyncDispose]());

    it('answers on its own database as soon as it has started', async () => {
      await using fresh = await implementation.start();
      expect(await one(fresh, 'SELECT current_database()')).toBe(fresh.connection.database);
    });

    it('says what it is', async () => {
      expect(server.info).toMatchObject({ service: 'postgres', role: 'contract' });
      expect(server.info.implementation).toContain('PostgreSQL');
      expect(server.info.version).toMatch(/^\d+\.\d+/);
      expect(await one(server, 'SHOW server_version')).toContain(server.info.version);
    });

    it('keeps what is committed safe: nothing that protects data is switched off', async () => {
      for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
        expect(await one(server, `SHOW ${setting}`), setting).toBe('on');
      }
      expect(await one(server, 'SHOW wal_level')).toBe('replica');
    });

    it('stores text as UTF-8 and sorts it the same everywhere', async () => {
      expect(await one(server, 'SHOW server_encoding')).toBe('UTF8');
      expect(await one(server, `SELECT string_agg(t, ' ' ORDER BY t) FROM unnest('{b,B,a,ș}'::text[]) t`)).toBe(
        'B a b ș',
      );
      expect(await one(server, `SELECT upper('ș')`)).toBe('Ș');
    });

    it('has the extensions pgcrypto and citext', async () => {
      await withPostgres(server.connection, async (client) => {
        await client.query('CREATE EXTENSION pgcrypto');
        await client.query('CREATE EXTENSION citext');
      });
      expect(await one(server, `SELECT encode(digest('a', 'sha256'), 'hex') LIKE 'ca978112%'`)).toBe(true);
      expect(await one(server, `SELECT 'A'::citext = 'a'`)).toBe(true);
    });

    it('lets the superuser make roles that are held to their grants', async () => {
      await withPostgres(server.connection, async (client) => {
        await client.query(`CREATE ROLE reader LOGIN PASSWORD 'for-this-test-only'`);
        await client.query('CREATE TABLE closed (n int)');
        await client.query('CREATE TABLE open (n int)');
        await client.query('GRANT SELECT ON open TO reader');
      });
      const reader = { ...server.connection, user: 'reader', password: 'for-this-test-only' };
      await withPostgres(reader, async (client) => {
        expect((await client.query('SELECT count(*)::int AS rows FROM open')).rows).toEqual([{ rows: 0 }]);
        await expect(client.query('SELECT FROM closed')).rejects.toThrow('permission denied');
      });
    });

    it('refuses a wrong password', async () => {
      const stranger = { ...server.connection, password: 'wrong' };
      await expect(withPostgres(stranger, async () => undefined)).rejects.toThrow('password authentication failed');
    });

    describe('its tools', () => toolContract(() => server));

    it('shows the end of its log, without its password', async () => {
      await withPostgres(server.connection, (client) => client.query('SELECT FROM nowhere').catch(() => undefined));
      await until(async () => (await server.logTail(50)).includes('relation "nowhere" does not exist'));
      expect(await server.logTail(1_000)).not.toContain(server.connection.password);
      expect((await server.logTail(2)).split('\n')).toHaveLength(2);
    });
  });

  it('comes back after a kill with all that was committed, in the middle of writing', async () => {
    await using server = await implementation.start();
    await withPostgres(server.connection, (client) => client.query('CREATE TABLE kept (n int)'));
    let acknowledged = 0;
    const writing = withPostgres(server.connection, async (client) => {
      for (;;) {
        await client.query('INSERT INTO kept VALUES ($1)', [acknowledged + 1]);
        acknowledged += 1;
      }
    }).catch((error: unknown) => error);
    await until(async () => acknowledged > 20);
    await server.kill();
    expect(await writing).toBeInstanceOf(Error);
    expect(await server.isRunning()).toBe(false);
    expect(await server.dataExists()).toBe(true);
    await server.start();
    expect(await server.isRunning()).toBe(true);
    expect(await one(server, 'SELECT count(*)::int FROM kept')).toBeGreaterThanOrEqual(acknowledged);
  });

  it('halts and goes on: an open session waits for its answer; what is halted can be ended', async () => {
    await using server = await implementation.start();
    await withPostgres(server.connection, async (client) => {
      await server.pause();
      await server.pause();
      expect(await server.isRunning()).toBe(true);
      const answer = client.query('SELECT 1 AS n');
      expect(await Promise.race([answer, sleep(300, 'silent')])).toBe('silent');
      await server.resume();
      await server.resume();
      expect((await answer).rows).toEqual([{ n: 1 }]);
    });
    for (const end of ['stop', 'kill'] as const) {
      await server.pause();
      await server[end]();
      expect(await server.isRunning()).toBe(false);
      await server.pause();
      await server.resume();
      await server.start();
      expect(await one(server, 'SELECT 1')).toBe(1);
    }
    await server.pause();
  });

  it('stops in order, and starts again', async () => {
    await using server = await implementation.start();
    await withPostgres(server.connection, (client) => client.query('CREATE TABLE kept AS SELECT 1 AS n'));
    await server.stop();
    expect(await server.isRunning()).toBe(false);
    expect(await server.logTail(20)).toContain('database system is shut down');
    await server.stop();
    await server.start();
    expect(await one(server, 'SELECT n FROM kept')).toBe(1);
  });

  it('is destroyed by kill and deletion of its data, which is refused while it runs', async () => {
    await using server = await implementation.start();
    await expect(server.deleteData()).rejects.toThrow('expected a service that does not run');
    expect(await one(server, 'SELECT 1')).toBe(1);
    await server.kill();
    await server.kill();
    await server.deleteData();
    await server.deleteData();
    expect(await server.dataExists()).toBe(false);
    await expect(withPostgres(server.connection, async () => undefined)).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
    expect(await server.logTail(5)).not.toBe('');
  });

  it('leaves nothing behind when it is killed under load', async () => {
    const runId = `contract-${randomBytes(4).toString('hex')}`;
    await using server = await implementation.start({ runId });
    const counting = `SELECT count(*) FROM generate_series(1, 1000000000)`;
    const working = [1, 2, 3].map(() => one(server, counting).catch(() => 'cut off'));
    await until(async () => (await sessions(server, 'generate_series')) === 3);
    const pids = new Set(processesOfRun(runId, []).map(({ pid }) => pid));
    const segments = async (): Promise<unknown[]> =>
      (await listSharedMemory()).filter(({ creatorPid }) => pids.has(creatorPid));
    if (seesProcesses) {
      expect(pids.size, 'main process, helpers and three sessions').toBeGreaterThan(6);
      expect(await segments(), 'the segment that SIGKILL leaves').toHaveLength(1);
      const mapped = await Promise.all([...pids].map((pid) => readFile(`/proc/${pid}/maps`, 'utf8')));
      expect(mapped.join('\n')).not.toContain('/dev/shm/');
    }

    await server.kill();

    expect(await Promise.all(working)).toEqual(['cut off', 'cut off', 'cut off']);
    expect(await isPortOpen(server.connection.port)).toBe(false);
    expect(processesOfRun(runId, [])).toEqual([]);
    expect(await segments()).toEqual([]);
  });

  it.runIf(seesProcesses && process.getuid?.() === 0)(
    'does not run as root (asked of local processes, by root)',
    async () => {
      const runId = `contract-${randomBytes(4).toString('hex')}`;
      await using server = await implementation.start({ runId });
      expect(await server.isRunning()).toBe(true);
      const owners = await Promise.all(processesOfRun(runId, []).map(({ pid }) => stat(`/proc/${pid}`)));
      expect(owners.length).toBeGreaterThan(3);
      expect(owners.filter(({ uid }) => uid === 0)).toEqual([]);
    },
  );

  it('says what did not start, what was waited for, how long, and the end of the log', async () => {
    const failing = implementation.start({ settings: { shared_buffers: 'much' } });
    await expect(failing).rejects.toMatchObject({ name: 'DrillError', code: 'service-start' });
    await expect(failing).rejects.toThrow(
      /^postgres \(contract\) did not start: expected an answer to SELECT 1 on 127\.0\.0\.1:\d+, actual it exited with code 1 after [\d.]+m?s\nThe end of its log:\n[^]*invalid value for parameter "shared_buffers": "much"/,
    );
  });
}
