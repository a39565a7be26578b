import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import type { Client } from 'pg';
import type { RolePasswordObservation } from '../domain/masking.ts';

/** A role and what its server stores of its password, if it has one. */
export interface RoleVerifier {
  role: string;
  verifier: string | null;
}

/** The verifiers of all roles that are not PostgreSQL's own. Needs a superuser's client. */
export async function readRoleVerifiers(client: Client): Promise<RoleVerifier[]> {
  const { rows } = await client.query<RoleVerifier>(
    `SELECT rolname AS role, rolpassword AS verifier FROM pg_catalog.pg_authid WHERE rolname !~ '^pg_' ORDER BY 1`,
  );
  return rows;
}

/**
 * Holds the roles of a copy against those of production: the same verifier means the same password, and `secrets`, the
 * passwords of production that are known, are tried against each, since another salt gives the same one another verifier.
 */
export function compareRolePasswords(
  copy: readonly RoleVerifier[],
  production: readonly RoleVerifier[],
  secrets: readonly string[],
): RolePasswordObservation[] {
  const known = new Set(production.flatMap(({ verifier }) => verifier ?? []));
  return copy.map(({ role, verifier }) => ({
    role,
    hasPassword: verifier !== null,
    ofProduction: verifier !== null && (known.has(verifier) || secrets.some((one) => opens(one, role, verifier))),
  }));
}

const scram = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/;

/** True when the password is the one that the verifier was made of. RFC 5802; for md5 as PostgreSQL documents it. */
function opens(password: string, role: string, verifier: string): boolean {
  const [, iterations, salt = '', storedKey = ''] = scram.exec(verifier) ?? [];
  if (iterations === undefined)
    return (
      verifier ===
      `md5${createHash('md5')
        .update(password + role)
        .digest('hex')}`
    );
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const made = createHash('sha256').update(clientKey).digest();
  const stored = Buffer.from(storedKey, 'base64');
  return stored.length === made.length && timingSafeEqual(made, stored);
}
