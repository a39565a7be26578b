import { createHash } from 'node:crypto';
import { judgeStatements, type Printed } from '../../checks/integrity-statements.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { Finding } from '../../domain/finding.ts';
import type { PostgresServer } from '../../domain/service.ts';
import { findStruck, objectDamages, type ObjectDamage, type Struck } from '../../faults/object-damage.ts';
import { makeEmptyCopy } from '../../recovery/empty-copy.ts';
import { observeStatements } from '../../recovery/observe-statements.ts';
import { withPostgres } from '../../stack/clients.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';

/** So many kinds of object does a run strike, drawn by its seed. */
const kindsOfARun = 3;
const copyName = 'firedrill_control';

/** Objects of kinds drawn by the seed are changed in a copy of the database's definitions, which no row is in. */
export const definitionChanged: Control = {
  name: 'definition-changed',
  title: 'Objects of several kinds, drawn by the seed, are changed or added',
  expectedCheck: 'integrity.definitions',
  expectedVerdict: 'fail',
  async verify(context) {
    const server = need(context, 'database');
    await using _ = await makeEmptyCopy(server, copyName, context.signal);
    return await strikeKinds(context, 'integrity.definitions', copyName);
  },
  sabotage: { at: { 'database-restored': (context) => strikeForReal(context, 'integrity.definitions') } },
};

/** What belongs to the whole server is changed, and put back. */
export const globalsChanged: Control = {
  name: 'globals-changed',
  title: 'Roles and settings of the whole server, drawn by the seed, are changed',
  expectedCheck: 'integrity.globals',
  expectedVerdict: 'fail',
  verify: (context) => strikeKinds(context, 'integrity.globals', need(context, 'database').connection.database),
  sabotage: { at: { 'database-restored': (context) => strikeForReal(context, 'integrity.globals') } },
};

/** Strikes one kind after the other. Gives the findings of the first that was not seen, else those of the last. */
async function strikeKinds(context: DrillContext, check: ObjectDamage['check'], database: string): Promise<Finding[]> {
  const server = need(context, 'database');
  const { seed } = context.options;
  let struckKinds = 0;
  let findings: Finding[] = [];
  let before = await observed(server, database, context.signal);
  for (const damage of drawn(check, seed)) {
    if (struckKinds === kindsOfARun) break;
    const struck = await strike(server, database, damage, seed);
    if (struck === undefined) continue;
    struckKinds += 1;
    const object = damage.object(struck);
    try {
      context.progress().info(`${damage.name}: ${object}`);
      const after = await observed(server, database, context.signal);
      findings = named(judgeStatements(before, after), damage, object);
      if (damage.undo === undefined) before = after;
    } finally {
      if (damage.undo) await execute(server, database, damage.undo(struck));
    }
    if (!findings.some(({ verdict }) => verdict === 'fail')) break;
  }
  if (struckKinds === 0) throw nothingOfAnyKind();
  return findings;
}

/** A finding that does not name what was struck has not caught it. */
function named(findings: Finding[], { check }: ObjectDamage, object: string): Finding[] {
  return findings.map((each) => {
    if (each.check !== check || each.evidence?.some((line) => line.endsWith(`: ${object}`))) return each;
    return { ...each, verdict: 'pass', actual: `${object} was changed, and is not named` };
  });
}

async function strikeForReal(context: DrillContext, check: ObjectDamage['check']): Promise<string> {
  const server = need(context, 'database');
  const { seed } = context.options;
  for (const damage of drawn(check, seed)) {
    const struck = await strike(server, server.connection.database, damage, seed);
    if (struck) return `${damage.name}: ${damage.object(struck)}`;
  }
  throw nothingOfAnyKind();
}

/** `undefined` where the database has nothing of the kind. */
async function strike(
  server: PostgresServer,
  database: string,
  damage: ObjectDamage,
  seed: number,
): Promise<Struck | undefined> {
  return withPostgres({ ...server.connection, database }, async (client) => {
    const struck = await findStruck(client, damage, seed);
    if (struck) await client.query(damage.damage(struck));
    return struck;
  });
}

async function execute(server: PostgresServer, database: string, sql: string): Promise<void> {
  await withPostgres({ ...server.connection, database }, (client) => client.query(sql));
}

async function observed(server: PostgresServer, database: string, signal: AbortSignal): Promise<Printed> {
  const statements = await withPostgres({ ...server.connection, database }, (client) =>
    observeStatements(server, { client, database, signal }),
  );
  return { format: 2, statements };
}

/** All kinds of the check in an order drawn by the seed. */
function drawn(check: ObjectDamage['check'], seed: number): ObjectDamage[] {
  const place = ({ name }: ObjectDamage): string => createHash('sha256').update(`${seed} ${name}`).digest('hex');
  return objectDamages.filter((each) => each.check === check).toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

function nothingOfAnyKind(): DrillError {
  return new DrillError({
    code: 'configuration',
    service: 'postgres',
    what: 'a control has nothing to damage',
    expected: 'an object of any kind that PostgreSQL can restore',
    actual: 'none',
  });
}
