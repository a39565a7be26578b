import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import type { PostgresServer } from '../domain/service.ts';
import { withPostgres } from '../stack/clients.ts';

export interface ChangedPasswords {
  /** Every role has the password of before again. Once; does nothing where the data were deleted since. */
  giveBack(): Promise<void>;
}

/**
 * Gives every role of the server that has a password another one, and ends all sessions. One role is added that can undo
 * this; it goes with the undoing.
 */
export async function changePasswords(postgres: PostgresServer): Promise<ChangedPasswords> {
  const undoer = {
    user: `firedrill_${randomBytes(4).toString('hex')}`,
    password: randomBytes(18).toString('base64url'),
  };
  const kept = await withPostgres(postgres.connection, async (client) => {
    const { rows } = await client.query<KeptPassword>(
      'SELECT rolname AS role, rolpassword AS verifier FROM pg_authid WHERE rolpassword IS NOT NULL',
    );
    // All or nothing, so that nobody is locked out of a server that cannot be given back.
    await client.query('BEGIN');
    await client.query(`CREATE ROLE ${client.escapeIdentifier(undoer.user)} SUPERUSER LOGIN`);
    await setPassword(client, undoer.user, undoer.password);
    for (const { role } of rows) await setPassword(client, role, randomBytes(18).toString('base64url'));
    await client.query('COMMIT');
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename IS NOT NULL',
    );
    return rows;
  });
  return { giveBack: () => giveBack(postgres, undoer, kept) };
}

/** The verifier is what the server keeps of a password; given as a password it is kept as it is. */
interface KeptPassword {
  role: string;
  verifier: string;
}

async function giveBack(
  postgres: PostgresServer,
  undoer: { user: string; password: string },
  kept: readonly KeptPassword[],
): Promise<void> {
  if (!(await postgres.dataExists())) return;
  // One that was ended since: nobody whom the stack knows could log in to see that it is up.
  await postgres.start({ otherCredentials: true });
  await withPostgres({ ...postgres.connection, ...undoer }, async (client) => {
    for (const { role, verifier } of kept) await setPassword(client, role, verifier);
  });
  await withPostgres(postgres.connection, (client) =>
    client.query(`DROP ROLE ${client.escapeIdentifier(undoer.user)}`),
  );
}

async function setPassword(client: Client, role: string, password: string): Promise<void> {
  await client.query(`ALTER ROLE ${client.escapeIdentifier(role)} PASSWORD ${client.escapeLiteral(password)}`);
}
