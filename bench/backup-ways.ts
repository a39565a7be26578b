import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { identityToRecipient } from 'age-encryption';
import { systemClock, timed } from '../domain/clock.ts';
import { backupDatabase } from '../recovery/backup-database.ts';
import { compress } from '../recovery/compression.ts';
import { encrypt } from '../recovery/encryption.ts';
import { toolOutput } from '../recovery/tool-output.ts';
import type { Prepared } from './prepare.ts';

/** One way of backing the seeded database up. */
export interface BackupWay {
  name: string;
  title: string;
  /** Gives the milliseconds of the backup alone. */
  run(): Promise<number>;
}

/** The baseline first: what a script would do, with the same compression and encryption as ours, into a file. */
export function backupWaysOf({ source, stack, identity, dumpFile }: Prepared): BackupWay[] {
  const file = join(dirname(dumpFile), 'piped.dump.zst.age');
  return [
    {
      name: 'pg_dump',
      title: 'pg_dump -Fc -Z0 through the same zstd and age into a file: nothing else is known of it',
      run: async () => {
        const recipient = await identityToRecipient(identity);
        const { durationMs } = await timed(systemClock, async () => {
          const plain = toolOutput(source.tool('pg_dump', ['--format=custom', '--compress=0']));
          await pipeline(await encrypt(await compress(plain, 'zstd'), recipient), createWriteStream(file));
        });
        await rm(file);
        return durationMs;
      },
    },
    {
      name: 'backup',
      title: 'Firedrill: into the store, with sha256, roles, and a manifest of digests of every table and definition',
      run: async () => {
        const { manifest } = await backupDatabase({
          source,
          store: stack.backups.access,
          bucket: 'backups',
          recipient: await identityToRecipient(identity),
          compression: 'zstd',
          clock: systemClock,
        });
        return manifest.durationMs;
      },
    },
  ];
}
