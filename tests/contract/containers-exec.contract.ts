import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requireEngine } from '../../stack/containers/engine.ts';
import type { ContainerPostgres } from '../../stack/containers/postgres.ts';
import { streamingExec, type ExecCommand } from '../../stack/containers/streaming-exec.ts';
import { withPostgres } from '../../stack/clients.ts';
import { describeContainers, testRun, type TestRun } from './containers-support.ts';

const mebibyte = 1024 ** 2;

await describeContainers('a tool in the server’s container', () => {
  let test: TestRun;
  let postgres: ContainerPostgres;
  beforeAll(async () => {
    test = await testRun();
    postgres = await test.start.postgres('production');
  });
  afterAll(() => test[Symbol.asyncDispose]());

  async function exec(...command: string[]): ReturnType<typeof execWith> {
    return execWith({ command, environment: {} });
  }
  async function execWith(options: ExecCommand): Promise<ReturnType<typeof streamingExec>> {
    const { docker } = await requireEngine();
    return streamingExec(docker.getContainer(postgres.containerId), options);
  }
  /** How many psql run in the container. */
  async function tools(): Promise<number> {
    const { docker } = await requireEngine();
    const table = (await docker.getContainer(postgres.containerId).top({ ps_args: '-eo pid,comm' })) as {
      Processes: string[][];
    };
    return table.Processes.filter((columns) => columns.includes('psql')).length;
  }

  it('passes 160 MiB of any bytes through unchanged, both ways', async () => {
    const block = randomBytes(mebibyte);
    const [sent, received] = [createHash('sha256'), createHash('sha256')];
    function* blocks(): Generator<Buffer> {
      for (let count = 0; count < 160; count += 1) {
        block.writeUInt32BE(count);
        sent.update(block);
        yield Buffer.from(block);
      }
    }
    const { stdout, ended } = await execWith({ command: ['cat'], environment: {}, input: Readable.from(blocks()) });
    for await (const chunk of stdout) received.update(chunk as Buffer);
    expect((await ended).exitCode).toBe(0);
    expect(received.digest('hex')).toBe(sent.digest('hex'));
  });

  it('is slowed down by a slow reader, and holds little in memory', async () => {
    const { stdout, ended } = await exec('head', '-c', String(300 * mebibyte), '/dev/zero');
    await once(stdout, 'readable');
    await sleep(1_000);
    expect(stdout.readableLength).toBeLessThan(mebibyte);
    let sizeBytes = 0;
    for await (const chunk of stdout) sizeBytes += (chunk as Buffer).length;
    expect(sizeBytes).toBe(300 * mebibyte);
    expect((await ended).exitCode).toBe(0);
  });

  it('restores a dump of more than 100 MB that was streamed out of it', async () => {
    await withPostgres(postgres.connection, async (client) => {
      await client.query('CREATE EXTENSION pgcrypto');
      await client.query(
        'CREATE TABLE noise AS SELECT id, gen_random_bytes(1000) AS data FROM generate_series(1, 110000) AS id',
      );
      await client.query('CREATE DATABASE copy');
    });
    const dump = postgres.tool('pg_dump', ['--format=custom', '--compress=0']);
    let sizeBytes = 0;
    dump.stdout.on('data', (chunk: Buffer) => (sizeBytes += chunk.length));
    const restore = postgres.tool('pg_restore', ['--dbname=copy', '--exit-on-error'], { input: dump.stdout });
    await Promise.all([dump.completed, restore.completed]);
    expect(sizeBytes).toBeGreaterThan(100_000_000);
    const digest = (database: string): Promise<unknown> =>
      withPostgres({ ...postgres.connection, database }, async (client) => {
        const { rows } = await client.query(
          "SELECT count(*)::int AS n, encode(digest(string_agg(data, ''::bytea ORDER BY id), 'sha256'), 'hex') AS d FROM noise",
        );
        return rows[0];
      });
    expect(await digest('copy')).toEqual(await digest('app'));
  });

  it('keeps stdout apart from stderr, and runs against the stack’s database', async () => {
    const script = '\\warn on stderr\nSELECT current_database();\n';
    const tool = postgres.tool('psql', ['--no-align', '--tuples-only'], { input: Readable.from([script]) });
    expect(await text(tool.stdout)).toBe('app\n');
    expect(await tool.completed).toEqual({ stderr: 'on stderr\n' });
  });

  it('that fails is an error that quotes its stderr and no password', async () => {
    const { password } = postgres.connection;
    const tool = postgres.tool('psql', ['--command', `SELECT '${password}' FROM missing_table`]);
    const error: unknown = await tool.completed.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'tool-failed', facts: { service: 'postgres', actual: 'exit code 1' } });
    expect(String(error)).toContain('relation "missing_table" does not exist');
    expect(String(error)).not.toContain(password);
  });

  it.each([
    ['the signal aborts', 'interrupted'],
    ['its reader goes away', 'tool-failed'],
  ])('is ended when %s', async (_, code) => {
    const abort = new AbortController();
    const tool = postgres.tool('psql', ['--command', 'SELECT pg_sleep(60)'], { signal: abort.signal });
    await expect.poll(tools, { timeout: 10_000 }).toBe(1);
    if (code === 'interrupted') abort.abort();
    else tool.stdout.destroy();
    await expect(tool.completed).rejects.toMatchObject({ code });
    expect(await tools()).toBe(0);
  });

  it('is ended when its input fails, which it would take for a whole one', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield 'CREATE TABLE half (id int);\n';
      await sleep(100);
      throw new Error('the key does not fit');
    }
    const tool = postgres.tool('psql', [], { input: Readable.from(broken()) });
    await expect(tool.completed).rejects.toThrow('psql failed: expected exit code 0, actual its input failed: the key');
  });

  it('fails when its reader goes away, however little is left to read', async () => {
    const tool = postgres.tool('pg_dumpall', ['--roles-only']);
    tool.stdout.once('readable', () => tool.stdout.destroy());
    await expect(tool.completed).rejects.toThrow(
      'pg_dumpall failed: expected exit code 0, actual its reader went away',
    );
  });

  it('is in order when its reader goes away with everything', async () => {
    const tool = postgres.tool('psql', ['--no-align', '--tuples-only', '--command', 'SELECT 1']);
    tool.stdout.once('data', () => tool.stdout.destroy());
    expect(await tool.completed).toEqual({ stderr: '' });
  });

  it('may end before it has read its input', async () => {
    const endless = new Readable({ read() {} });
    endless.push('\\q\n');
    const tool = postgres.tool('psql', [], { input: endless });
    expect(await tool.completed).toEqual({ stderr: '' });
    expect(endless.destroyed).toBe(true);
  });

  it('that cannot be run is an error', async () => {
    const { stdout, ended } = await exec('no-such-tool');
    expect(await buffer(stdout)).toHaveLength(0);
    const { exitCode, stderr } = await ended;
    expect(exitCode).toBe(127);
    expect(stderr).toContain('no-such-tool');
  });

  // The last one: the server is gone afterwards.
  it('fails when the server is killed under it', async () => {
    const tool = postgres.tool('psql', ['--command', 'SELECT pg_sleep(60)']);
    await expect.poll(tools, { timeout: 10_000 }).toBe(1);
    await postgres.kill();
    await expect(tool.completed).rejects.toMatchObject({ code: 'tool-failed' });
    await expect(postgres.tool('psql', ['--list']).completed).rejects.toMatchObject({ code: 'tool-failed' });
  });
});
