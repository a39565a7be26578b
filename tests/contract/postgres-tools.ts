import { buffer, text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { PostgresServer } from '../../domain/service.ts';
import { withPostgres } from '../../stack/clients.ts';
import { one, sessions, until } from './postgres-support.ts';

/** What PostgreSQL's own tools, run by the service, are held to. */
export function toolContract(server: () => PostgresServer): void {
  it('runs its own tools: a dump flows into a listing, and comes back', async () => {
    await withPostgres(server().connection, (client) =>
      client.query(`CREATE TABLE item AS SELECT n, repeat('x', 100) AS filler FROM generate_series(1, 50000) n`),
    );
    const dump = server().tool('pg_dump', ['-Fc', '-Z0', '-t', 'item']);
    const listing = server().tool('pg_restore', ['--list'], { input: Readable.from(await buffer(dump.stdout)) });
    expect(await text(listing.stdout)).toMatch(/TABLE DATA public item postgres/);
    await Promise.all([dump.completed, listing.completed]);

    const flow = server().tool('pg_dump', ['-Fc', '-Z0', '-t', 'item']);
    const script = server().tool('pg_restore', ['-f', '-'], { input: flow.stdout });
    const copied = await text(script.stdout);
    expect(copied.split('\n').filter((line) => /^\d+\tx{100}$/.test(line))).toHaveLength(50_000);
    await Promise.all([flow.completed, script.completed]);
  });

  it('holds a tool back while nobody reads it', async () => {
    const copy = `COPY (SELECT repeat('x', 1000000) FROM generate_series(1, 200)) TO STDOUT`;
    const tool = server().tool('psql', ['-X', '-c', copy]);
    await until(async () => tool.stdout.readableLength > 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await sessions(server(), 'repeat'), 'the server waits, too').toBe(1);
    expect(tool.stdout.readableLength).toBeLessThan(1_000_000);
    let sizeBytes = 0;
    for await (const chunk of tool.stdout) sizeBytes += (chunk as Buffer).length;
    expect(sizeBytes).toBe(200 * 1_000_001);
    await tool.completed;
  });

  it('feeds a tool from a stream, roles and all', async () => {
    const sql = Readable.from([
      'CREATE TABLE fed (n int);\n',
      'INSERT INTO fed VALUES (1), (2);\n',
      'CREATE ROLE dumped;\n',
    ]);
    await server().tool('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-f', '-'], { input: sql }).completed;
    expect(await one(server(), 'SELECT count(*)::int FROM fed')).toBe(2);
    const roles = server().tool('pg_dumpall', ['--roles-only', '--no-role-passwords']);
    expect(await text(roles.stdout)).toContain('CREATE ROLE dumped');
  });

  it('says why a tool failed, by the tool’s own words', async () => {
    const failing = server().tool('psql', ['-X', '-c', 'SELECT 1/0']).completed;
    await expect(failing).rejects.toMatchObject({ name: 'DrillError', code: 'tool-failed' });
    await expect(failing).rejects.toThrow(/psql failed: expected exit code 0, actual exit code 1[^]*division by zero/);
  });

  it('does not take the end of a broken input for a whole one', async () => {
    const broken = new Readable({ read: () => {} });
    broken.push('CREATE TABLE half (n int);\n');
    const tool = server().tool('psql', ['-X', '-f', '-'], { input: broken });
    setTimeout(() => broken.destroy(new Error('the store is gone')), 300);
    await expect(tool.completed).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining('the store is gone'),
    });
  });

  it('ends a tool when it is told to, and when its reader goes away', async () => {
    const controller = new AbortController();
    const slow = server().tool('psql', ['-X', '-c', `SELECT pg_sleep(60), 'told-to'`], { signal: controller.signal });
    await until(async () => (await sessions(server(), 'told-to')) > 0);
    controller.abort();
    await expect(slow.completed).rejects.toMatchObject({ code: 'interrupted' });

    const unread = server().tool('pg_dump', ['-Fc', '-Z0', '-t', 'item']);
    unread.stdout.once('data', () => unread.stdout.destroy());
    await expect(unread.completed).rejects.toMatchObject({ code: 'tool-failed' });
    await until(async () => (await sessions(server(), 'item')) === 0);
  });
}
