import { randomBytes } from 'node:crypto';
import { messageOf } from '../domain/drill-error.ts';
import type { FaultObservation } from '../domain/fault.ts';
import type { ObjectStoreAccess, PostgresConnection, SearchAccess, Stack } from '../domain/service.ts';
import { objectClient, searchClient, withPostgres } from '../stack/clients.ts';
import { saysDiskFull } from '../stack/full-disk.ts';
import { nameOf, type Target } from './target.ts';

/** What is written, and taken away again where it could be: more than what a store may have left by chance. */
const writtenBytes = 4 * 1024 ** 2;

/** Whether a store takes a write, which must fail for want of space. What was written is removed again. */
export async function observeWrite(stack: Stack, target: Target): Promise<FaultObservation> {
  const actual = await write(stack, target).then(
    () => 'yes',
    (error: unknown) => `no: ${codeOf(error)}${messageOf(error)}`,
  );
  return {
    question: `Does ${nameOf(target)} take a write?`,
    expected: 'no, no space left',
    actual,
    bitten: actual !== 'yes' && saysDiskFull(actual),
  };
}

function write(stack: Stack, { service }: Target): Promise<void> {
  if (service === 'postgres') return writeRows(stack.postgres.connection);
  if (service === 'objects') return writeObject(stack.objects.access);
  return writeDocument(stack.search.access);
}

/** A temporary table is in files of the data folder, but not in the log, whose end would end the server. */
async function writeRows(connection: PostgresConnection): Promise<void> {
  const rows = writtenBytes / 1024;
  await withPostgres(connection, (client) =>
    client.query(`CREATE TEMPORARY TABLE written AS SELECT repeat('x', 1024) FROM generate_series(1, ${rows})`),
  );
}

async function writeObject(access: ObjectStoreAccess): Promise<void> {
  const client = objectClient(access);
  const bucket = `firedrill-${randomBytes(8).toString('hex')}`;
  await client.makeBucket(bucket);
  try {
    await client.putObject(bucket, 'written', Buffer.alloc(writtenBytes));
    await client.removeObject(bucket, 'written');
  } finally {
    // A full disk may refuse this too; what counts is the error of the write.
    await client.removeBucket(bucket).catch(() => undefined);
  }
}

async function writeDocument(access: SearchAccess): Promise<void> {
  const client = searchClient(access, { taskTimeoutMs: 20_000, requestTimeoutMs: 20_000 });
  const uid = `firedrill-${randomBytes(8).toString('hex')}`;
  const index = client.index(uid);
  const document = { id: 1, text: randomBytes(writtenBytes / 2).toString('hex') };
  try {
    const { error } = await index.addDocuments([document], { primaryKey: 'id' }).waitTask();
    if (error) throw new Error(`${error.code}: ${error.message}`);
  } finally {
    // A full disk takes no task either; what counts is the error of the write.
    await client
      .deleteIndex(uid)
      .waitTask()
      .catch(() => undefined);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? `${String(error.code)} ` : '';
}
