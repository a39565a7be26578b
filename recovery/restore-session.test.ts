import type { Client } from 'pg';
import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { DrillError } from '../domain/drill-error.ts';
import { beginSession, type EntryStatements } from './restore-session.ts';

const statement = (name: string, settings = ''): EntryStatements => ({
  entry: { dumpId: 1, type: 'TABLE', schema: 'public', name, dependencies: [] },
  sql: `CREATE TABLE ${name} ();`,
  settings,
});

/** A client that notes what it is asked and refuses what `refuses` says. */
function clientOf(refuses: (sql: string) => string | undefined): { client: Client; asked: string[] } {
  const asked: string[] = [];
  const query = async (sql: string): Promise<void> => {
    asked.push(sql);
    const code = refuses(sql);
    if (code === undefined) return;
    const error = new DatabaseError('it is refused', 0, 'error');
    error.code = code;
    throw error;
  };
  return { client: { query } as unknown as Client, asked };
}

test('statements of several entries go in one message, each behind the settings that it needs', async () => {
  const { client, asked } = clientOf(() => undefined);
  const session = await beginSession(client, 'SET x = 1;');
  asked.length = 0;
  await session.run([statement('a'), statement('b', 'SET y = 2;'), statement('c', 'SET y = 2;')]);
  expect(asked).toEqual(['CREATE TABLE a ();\nSET y = 2;\nCREATE TABLE b ();\nCREATE TABLE c ();']);
  await session.run([statement('d', 'SET y = 2;')]);
  expect(asked.slice(1)).toEqual(['CREATE TABLE d ();']);
});

test('of statements that are refused together each is tried alone, and the one that fails is named', async () => {
  const { client, asked } = clientOf((sql) => (sql.includes('TABLE b ') ? '42P07' : undefined));
  const session = await beginSession(client, '');
  asked.length = 0;
  const failed = session.run([statement('a', 'SET y = 2;'), statement('b'), statement('c')]);
  await expect(failed).rejects.toThrow('restoring TABLE public.b failed');
  // What was set in the message that was refused is set again.
  expect(asked.slice(1)).toEqual(['SET y = 2;', 'CREATE TABLE a ();', '', 'CREATE TABLE b ();']);
});

test('what cannot stand beside others runs alone', async () => {
  const { client, asked } = clientOf((sql) => (sql.split('CREATE').length > 2 ? '25001' : undefined));
  const session = await beginSession(client, '');
  asked.length = 0;
  await session.run([statement('a'), statement('b')]);
  expect(asked.slice(1)).toEqual(['CREATE TABLE a ();', 'CREATE TABLE b ();']);
});

test('nothing is tried again on a session that the server has ended', async () => {
  const { client, asked } = clientOf((sql) => (sql.includes('CREATE') ? '57P01' : undefined));
  const session = await beginSession(client, '');
  asked.length = 0;
  const failure: unknown = await session.run([statement('a'), statement('b')]).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(DrillError);
  expect((failure as DrillError).message).toContain('restoring TABLE public.a and 1 more failed');
  expect(asked).toHaveLength(1);
});
