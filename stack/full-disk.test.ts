import { expect, test } from 'vitest';
import { saysDiskFull } from './full-disk.ts';

test.for([
  'could not extend file "base/16384/16412": No space left on device',
  "ENOSPC: no space left on device, write '/data/x'",
  'XMinioStorageFull: Storage backend has reached its minimum free drive threshold.',
  'no_space_left_on_device: no space left on device (os error 28)',
  'database or disk is full',
])('a full disk: %s', (words) => expect(saysDiskFull(words)).toBe(true));

test.for(['', 'connect ECONNREFUSED 127.0.0.1:5432', 'the disk cannot be read', 'NoSuchBucket'])(
  'no full disk: %s',
  (words) => expect(saysDiskFull(words)).toBe(false),
);
