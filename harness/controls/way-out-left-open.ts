import type { Client } from 'pg';
import { judgeCopyWaysOut } from '../../checks/ways-out.ts';
import { observeWaysOut } from '../../recovery/observe-ways-out.ts';
import { withPostgres } from '../../stack/clients.ts';
import { need } from '../context.ts';
import type { Control } from '../definition.ts';

/** The masked copy still has a login on another server. Nobody listens there, and nobody asks it. */
export const wayOutLeftOpen: Control = {
  name: 'way-out-left-open',
  title: 'The masked copy can log in at another server',
  expectedCheck: 'masking.ways-out',
  expectedVerdict: 'fail',
  async verify(context) {
    return withPostgres(need(context, 'staging').postgres.connection, async (client) => {
      await client.query('BEGIN');
      try {
        await leaveOpen(client);
        return [judgeCopyWaysOut({ ways: await observeWaysOut(client), notRefreshed: [] })];
      } finally {
        await client.query('ROLLBACK');
      }
    });
  },
  sabotage: {
    at: {
      copied: async (context) => {
        await withPostgres(need(context, 'staging').postgres.connection, leaveOpen);
        return 'a user mapping with a password in the masked copy';
      },
    },
  },
};

async function leaveOpen(client: Client): Promise<void> {
  await client.query(`
    CREATE FOREIGN DATA WRAPPER firedrill_elsewhere;
    CREATE SERVER firedrill_elsewhere FOREIGN DATA WRAPPER firedrill_elsewhere OPTIONS (host 'db.invalid');
    CREATE USER MAPPING FOR PUBLIC SERVER firedrill_elsewhere OPTIONS (password 'firedrill')`);
}
