import { Readable } from 'node:stream';
import type { Client } from 'minio';
import { expect, test } from 'vitest';
import { steppingClock } from './ledger.test-data.ts';
import { probeObjectLock } from './probe-lock.ts';

interface Answers {
  mayNotDelete?: boolean;
  removeObject?: () => Promise<unknown>;
  putObjectRetention?: () => Promise<unknown>;
  getObject?: () => Promise<Readable>;
}

/** A store that takes everything, refuses what a lock must refuse, and keeps what it has; or what a test says instead. */
async function redOf(answers: Answers): Promise<string[]> {
  const refuse = () => Promise.reject(new Error('AccessDenied'));
  let content = '';
  let locked = 0;
  const client = {
    listObjects: () => [],
    putObject: async (_bucket: string, key: string) => {
      // The first object is the one that is locked.
      content ||= key;
      return { versionId: 'v1' };
    },
    removeObject: async (_bucket: string, key: string) => {
      if (key === content) await (answers.removeObject ?? refuse)();
      else if (answers.mayNotDelete) await refuse();
    },
    putObjectRetention: async () => {
      locked += 1;
      if (locked > 1) await (answers.putObjectRetention ?? refuse)();
    },
    getObject: async () => Readable.from([Buffer.from(content)]),
    ...(answers.getObject && { getObject: answers.getObject }),
  } as unknown as Client;
  const findings = await probeObjectLock({ client, bucket: 'b', prefix: '', clock: steppingClock() });
  return findings.filter(({ verdict }) => verdict !== 'pass').map(({ check }) => check.replace('object-lock.', ''));
}

test('a store that keeps the lock is green', async () => expect(await redOf({})).toEqual([]));

test('one that says it has a lock and deletes nevertheless is red', async () => {
  expect(await redOf({ removeObject: () => Promise.resolve() })).toEqual(['delete', 'delete-bypass']);
});

test('one that lets the retention be shortened is red', async () => {
  expect(await redOf({ putObjectRetention: () => Promise.resolve() })).toEqual(['shorten', 'shorten-bypass']);
});

test('credentials that may delete nothing say nothing of the lock', async () => {
  expect(await redOf({ mayNotDelete: true })).toEqual(['rights']);
});

test('one that refuses everything has shown nothing', async () => {
  expect(await redOf({ getObject: () => Promise.reject(new Error('AccessDenied')) })).toEqual(['kept']);
  expect(await redOf({ getObject: async () => Readable.from([Buffer.from('other')]) })).toEqual(['kept']);
});
