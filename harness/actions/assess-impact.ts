import { messageOf } from '../../domain/drill-error.ts';
import { withPostgres } from '../../stack/clients.ts';
import { need } from '../context.ts';
import type { Action } from '../definition.ts';
import { findLatestDatabaseBackup } from '../latest-backups.ts';

/** Is the database really gone, and what is there to recover it from? Both are asked, nothing is assumed. */
export const assessImpact: Action = {
  name: 'assess-impact',
  title: 'Confirm that the database is lost and find the latest backup',
  phase: 'detect',
  async execute(context) {
    const stack = need(context, 'stack');
    const answer = await withPostgres(
      stack.postgres.connection,
      async (client) => {
        await client.query('SELECT 1');
        return 'answers';
      },
      { connectionTimeoutMillis: 3_000 },
    ).catch((error: unknown) => `refuses: ${messageOf(error)}`);
    context.progress().info(`SELECT 1 on the database ${answer}`);
    await findLatestDatabaseBackup(context);
  },
};
