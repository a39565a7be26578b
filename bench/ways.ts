import { systemClock, timed } from '../domain/clock.ts';
import type { MaskingPolicy } from '../domain/masking.ts';
import type { PostgresServer } from '../domain/service.ts';
import { createMaskingPlan } from '../masking/plan.ts';
import { busySessions, restoreSettings } from '../recovery/restore-session.ts';
import { restoreDatabase } from '../recovery/restore-database.ts';
import { sessionOptions } from './peer.ts';
import type { Prepared } from './prepare.ts';

/** One way of getting the database into a fresh server. */
export interface Way {
  name: string;
  title: string;
  /** The baseline's ratio is 1 by definition. */
  isBaseline: boolean;
  /** Gives the milliseconds of the restore alone; the server was started before. */
  run(target: PostgresServer): Promise<number>;
}

/** The ways that are compared; all of them end with the same number of rows, but for tables that masking clears. */
export function waysOf(prepared: Prepared, policy: MaskingPolicy): Way[] {
  const { restorePoint, identity, stack, dumpFile, rolesFile } = prepared;
  const restore = { restorePoint, identity, store: stack.backups.access, clock: systemClock } as const;
  return [
    {
      name: 'pg_restore',
      title: `pg_restore -j${busySessions} of the uncompressed dump on disk, with the settings of our sessions, roles made before`,
      isBaseline: true,
      run: async (target) => {
        // The superuser exists already: that statement fails, as everybody's does, and the others count.
        await target.tool('psql', ['--no-psqlrc', '--quiet', '--output=/dev/null', `--file=${rolesFile}`]).completed;
        const database = `dbname=${target.connection.database} options='${sessionOptions(restoreSettings)}'`;
        const args = [`--jobs=${busySessions}`, '--exit-on-error', `--dbname=${database}`, dumpFile];
        return (await timed(systemClock, () => target.tool('pg_restore', args).completed)).durationMs;
      },
    },
    {
      name: 'restore',
      title: 'Firedrill: from the store, sha256, age and zstd included, roles too',
      isBaseline: false,
      run: async (target) => (await restoreDatabase({ ...restore, target, roles: 'all' })).durationMs,
    },
    {
      name: 'masked restore',
      title: 'Firedrill: the same, every row masked in flight',
      isBaseline: false,
      run: async (target) => {
        const masking = createMaskingPlan(policy);
        const { durationMs } = await restoreDatabase({
          ...restore,
          target,
          roles: 'without-passwords',
          plan: (shape) => masking.plan(shape),
          largeObjects: masking.largeObjects,
          beforeRows: (client) => masking.beforeRows(client),
        });
        return durationMs;
      },
    },
  ];
}
