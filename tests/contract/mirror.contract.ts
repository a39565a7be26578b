import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../domain/clock.ts';
import type { ObjectStore } from '../../domain/service.ts';
import { ledgerPaths } from '../../evidence/ledger-paths.ts';
import { playRun, temporaryFolder } from '../../evidence/ledger.test-data.ts';
import { mirrorLedger, type MirrorTarget } from '../../evidence/mirror.ts';
import { probeObjectLock } from '../../evidence/probe-lock.ts';
import { objectClient } from '../../stack/clients.ts';
import { implementationsOf } from '../../stack/implementations.ts';
import { firedrill } from '../firedrill.ts';

const [binary, standIn] = await implementationsOf('objects');
const minute = 1 / 24 / 60;

function targetOf(client: Client, bucket: string): MirrorTarget {
  return { client, bucket, prefix: 'firedrill/', clock: systemClock };
}

async function newBucket(client: Client, ObjectLocking: boolean): Promise<MirrorTarget> {
  const bucket = `mirror-${randomBytes(6).toString('hex')}`;
  await client.makeBucket(bucket, '', { ObjectLocking });
  return targetOf(client, bucket);
}

const verdicts = async (target: MirrorTarget): Promise<Record<string, string>> =>
  Object.fromEntries((await probeObjectLock(target)).map(({ check, verdict }) => [check, verdict]));

const why = binary?.missing === undefined ? '' : ` (skipped: ${binary.missing})`;

describe.skipIf(why !== '')(`a bucket of MinIO${why}`, () => {
  let store: ObjectStore;
  let client: Client;
  beforeAll(async () => {
    store = await binary!.start();
    client = objectClient(store.access);
  });
  afterAll(async () => store[Symbol.asyncDispose]());

  test('with object lock passes the probe', async () => {
    expect(await verdicts(await newBucket(client, true))).toEqual({
      'object-lock.rights': 'pass',
      'object-lock.delete': 'pass',
      'object-lock.delete-bypass': 'pass',
      'object-lock.shorten': 'pass',
      'object-lock.shorten-bypass': 'pass',
      'object-lock.kept': 'pass',
    });
  });

  test('the command probes, then sends; to a bucket that keeps nothing it sends nothing', async () => {
    await using folder = await temporaryFolder();
    await playRun(folder.path, 'one');
    const { endpoint, port, accessKey, secretKey } = store.access;
    const mirror = ({ bucket }: MirrorTarget) =>
      firedrill(
        ['ledger', 'mirror', '--ledger', join(folder.path, 'ledger'), '--retain-days', '1', '--bucket', bucket].concat(
          '--endpoint',
          `http://${endpoint}:${port}`,
        ),
        { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey },
      );
    const locked = await mirror(await newBucket(client, true));
    expect(locked).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('3 of 3 entries sent') });
    const unlocked = await mirror(await newBucket(client, false));
    expect(unlocked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('nothing was sent') });
  });

  test('without object lock does not', async () => {
    expect(await verdicts(await newBucket(client, false))).toEqual({ 'object-lock.put': 'fail' });
  });

  test('a mirror goes on where it stopped, and tells what was rewritten or removed since', async () => {
    await using folder = await temporaryFolder();
    const paths = ledgerPaths(join(folder.path, 'ledger'));
    const target = await newBucket(client, true);
    const mirror = () => mirrorLedger(paths, target, { retainDays: minute });
    await playRun(folder.path, 'one');
    expect(await mirror()).toEqual({ sent: 3, entries: 3, problems: [] });
    await playRun(folder.path, 'two');
    expect(await mirror()).toEqual({ sent: 2, entries: 5, problems: [] });

    const text = await readFile(paths.ledger, 'utf8');
    await writeFile(paths.ledger, text.replace('"kind":"begun"', '"kind":"bedun"'));
    expect((await mirror()).problems).toMatchObject([{ line: 2, what: expect.stringContaining('another entry') }]);
    await writeFile(paths.ledger, `${text.split('\n').slice(0, 4).join('\n')}\n`);
    expect((await mirror()).problems).toMatchObject([{ what: expect.stringContaining('0000000004.json') }]);

    // The one that a crash left unlocked is locked by the next mirror.
    await writeFile(paths.ledger, text);
    await playRun(folder.path, 'three');
    const next = (await readFile(paths.ledger, 'utf8')).split('\n')[5] ?? '';
    const key = 'firedrill/ledger/0000000005.json';
    const { versionId } = await client.putObject(target.bucket, key, next);
    expect(await mirror()).toEqual({ sent: 1, entries: 7, problems: [] });
    await expect(client.removeObject(target.bucket, key, { versionId: versionId ?? '' })).rejects.toThrow(
      /WORM|locked|denied/i,
    );

    // What is put over an entry does not hide it, and neither does a delete marker.
    await client.putObject(target.bucket, 'firedrill/ledger/0000000001.json', '{}');
    await client.removeObject(target.bucket, 'firedrill/ledger/0000000002.json');
    expect(await mirror()).toEqual({ sent: 0, entries: 7, problems: [] });
  });
});

test('the stand-in, which has no object lock, does not pass the probe', async () => {
  await using store = await standIn!.start();
  const client = objectClient(store.access);
  await client.makeBucket('plain');
  const found = await verdicts(targetOf(client, 'plain'));
  expect(Object.values(found)).toContain('fail');
});
