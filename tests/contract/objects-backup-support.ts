import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { Client } from 'minio';
import { systemClock } from '../../domain/clock.ts';
import type { ObjectStore } from '../../domain/service.ts';
import { backupObjects, type BackupObjectsOptions } from '../../recovery/backup-objects.ts';
import { contentKey } from '../../recovery/objects-contents.ts';
import type { ObjectsRestorePoint } from '../../recovery/objects-manifest.ts';
import { restoreObjects, type RestoreObjectsOptions } from '../../recovery/restore-objects.ts';
import { objectClient } from '../../stack/clients.ts';
import { bucketOf, collect } from './objects/support.ts';

/** More than is held in memory, so that it passes through a file and an upload in parts. */
export const large = randomBytes(20_000_000);

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The bucket that a bucket is restored into. */
export function targetOf(bucket: string): string {
  return `${bucket}-back`;
}

/** A store, and in it, fresh for each test: a bucket with three objects, one without any, and one for backups. */
export class ObjectsBench {
  store!: ObjectStore;
  client!: Client;
  folder = '';
  identity = '';
  recipient = '';
  bucket = '';
  other = '';
  backups = '';
  readonly start: () => Promise<ObjectStore>;

  constructor(start: () => Promise<ObjectStore>) {
    this.start = start;
  }

  async open(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'firedrill-objects-'));
    this.store = await this.start();
    this.client = objectClient(this.store.access);
    this.identity = await generateX25519Identity();
    this.recipient = await identityToRecipient(this.identity);
  }

  async close(): Promise<void> {
    await this.store[Symbol.asyncDispose]();
    // Fails when a backup has left something in it.
    await rmdir(this.folder);
  }

  async fill(): Promise<void> {
    this.bucket = (await bucketOf(this.store, { versioned: true })).bucket;
    this.other = (await bucketOf(this.store)).bucket;
    this.backups = (await bucketOf(this.store)).bucket;
    await this.client.putObject(this.bucket, 'one', 'first');
    await this.client.putObject(this.bucket, 'same', 'first');
    await this.client.putObject(this.bucket, 'two', 'second');
  }

  location() {
    return { store: this.store.access, bucket: this.backups };
  }

  backup(options?: Partial<BackupObjectsOptions>): Promise<ObjectsRestorePoint> {
    const { recipient } = this;
    const buckets = [this.bucket, this.other];
    const common = { source: this.store.access, buckets, recipient, folder: this.folder, clock: systemClock };
    return backupObjects({ ...common, ...this.location(), ...options });
  }

  restore(restorePoint: ObjectsRestorePoint, options?: Partial<RestoreObjectsOptions>) {
    const { identity } = this;
    const { access } = this.store;
    const common = { store: access, target: access, targetOf, identity, clock: systemClock };
    return restoreObjects({ restorePoint, ...common, ...options });
  }

  /** Where a content lies in the backup store. */
  storedOf(content: string): string {
    return contentKey('objects/', this.recipient, sha256(content));
  }

  /** When each object of a bucket was written, and what its content was, by key. */
  async writtenTo(bucket: string): Promise<Map<string | undefined, unknown>> {
    const listed = await collect(this.client.listObjectsV2(bucket, '', true));
    return new Map(listed.map(({ name, etag, lastModified }) => [name, { etag, lastModified }]));
  }

  async keysOf(bucket: string): Promise<(string | undefined)[]> {
    return (await collect(this.client.listObjectsV2(bucket, '', true))).map(({ name }) => name);
  }
}
