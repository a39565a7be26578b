import { judgeCanariesAfter } from '../../checks/masking.ts';
import { judgeLeaks, judgeScanned, judgeScanner } from '../../checks/masking-scan.ts';
import { judgeRolePasswords } from '../../checks/role-passwords.ts';
import { judgeStagingStores } from '../../checks/staging-stores.ts';
import type { MaskingPolicy } from '../../domain/masking.ts';
import { makeSpecimens, specimenPlaces, type Specimen } from '../../masking/specimens.ts';
import { readRoleVerifiers } from '../../masking/role-passwords.ts';
import { searchClient, withPostgres } from '../../stack/clients.ts';
import { need, productionStores, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { sensitivityOfName } from '../../domain/sensitive-names.ts';
import { judgeKeptColumns } from '../steps/policy.ts';
import { scanIndexes } from '../steps/leaks.ts';
import { observeRolePasswords } from '../steps/masked-structure.ts';
import { scanOptions } from '../steps/scan-options.ts';
import { proveScanner } from '../steps/scanner-proof.ts';
import { observeStagingStores } from '../steps/staging-stores.ts';
import { columnUnclassified } from './column-unclassified.ts';
import { damaging, nothingToDamage, type Damage } from './damaging.ts';
import { maskingRuleOff } from './masking-rule-off.ts';
import { partsOf, scanInFlight, withRuleOff, type ColumnName } from './scan-in-flight.ts';

/** A rule is off on a column of addresses or numbers: the scanner must tell them by their patterns, without canaries. */
const patternLeft: Control = {
  name: 'pattern-left',
  title: 'Addresses or numbers of people are left in one column',
  expectedCheck: 'masking.leaks',
  expectedVerdict: 'fail',
  alsoRed: ['masking.canaries-after', 'masking.rules'],
  async verify(context) {
    const { digests, result } = need(context, 'sourceScan');
    const seen = new Set(result.leaks.map(({ place }) => place));
    const candidates = patternColumns(context.runbook.masking);
    const column = candidates.find(({ schema, table, column: name }) => seen.has(`${schema}.${table}.${name}`));
    if (!column) throw nothingToDamage('a masked column in which the scanner saw an address or a number');
    const policy = withRuleOff(context.runbook.masking, column);
    const scan = await scanInFlight(context, column, policy, { canaries: [], sourceDigests: digests });
    return [judgeLeaks(scan, scan.read)];
  },
  sabotage: {
    alterPolicy(policy) {
      const [column] = patternColumns(policy);
      if (!column) throw nothingToDamage('a column that the policy replaces by addresses or numbers');
      return withRuleOff(policy, column);
    },
  },
};

/** Columns whose rule makes e-mail addresses or telephone numbers, so that they hold some in the source. */
function patternColumns({ tables }: MaskingPolicy): ColumnName[] {
  return Object.entries(tables).flatMap(([name, { columns }]) => {
    const { schema, table } = partsOf(name);
    return Object.entries(columns).flatMap(([column, rule]) =>
      rule.kind === 'replace' && /@|^\+\d/.test(rule.template) ? [{ schema, table, column }] : [],
    );
  });
}

/** The policy keeps passwords, or what people wrote, and does not say why. */
const secretKept: Control = {
  name: 'secret-kept',
  title: 'The masking policy keeps a secret or free text without a reason',
  expectedCheck: 'masking.kept',
  expectedVerdict: 'fail',
  verify: async (context) => [await judgeKeptColumns(context, withSecretKept(context.runbook.masking))],
  sabotage: { alterPolicy: withSecretKept },
};

/** The policy with a plain `keep` on the first masked column whose name says what it holds. */
function withSecretKept(policy: MaskingPolicy): MaskingPolicy {
  for (const [name, { columns }] of Object.entries(policy.tables)) {
    const { schema, table } = partsOf(name);
    const column = Object.keys(columns).find((one) => sensitivityOfName(one) !== undefined);
    if (column !== undefined) return withRuleOff(policy, { schema, table, column });
  }
  throw nothingToDamage('a column whose name says that it holds a secret or free text');
}

/** What the scanner is owed to be shown is not there for it in one place: it must be missed. */
const scannerBlind: Control = {
  name: 'scanner-blind',
  title: 'The leak scanner does not see one kind of value in one kind of place',
  expectedCheck: 'masking.scanner',
  expectedVerdict: 'fail',
  async verify(context) {
    return [judgeScanner(await proveScanner(context, hideOne(context.record.environment.seed)))];
  },
  sabotage: {
    // The seed of a run that is played for real does not matter: one of them is as good as another.
    showSpecimen: hideOne(1),
  },
};

/** Hides one specimen in one place, both drawn by the seed. */
function hideOne(seed: number): (specimen: Specimen, place: string) => boolean {
  const { all } = makeSpecimens(seed);
  const hidden = all[seed % all.length]?.detector;
  const where = specimenPlaces[seed % specimenPlaces.length]?.place;
  return ({ detector }, place) => detector !== hidden || place !== where;
}

/** Nobody has filled the index of the copy: then there is nothing in it to be found. */
const stagingIndexEmpty: Control = {
  name: 'staging-index-empty',
  title: 'The search index of the masked copy is empty when it is scanned',
  expectedCheck: 'masking.scanned',
  expectedVerdict: 'inconclusive',
  // The last that is asked of that index: it stays empty.
  async verify(context) {
    await emptyIndexes(context);
    const { result, extents } = need(context, 'sourceScan');
    const after = await scanIndexes(context, need(context, 'staging').search.access, scanOptions(context));
    return [
      judgeScanned([
        { name: 'source', extents, read: result.read },
        { name: 'copy', extents: after.extents, read: after.result.read },
      ]),
    ];
  },
  sabotage: { at: { 'copy-used': emptyIndexes } },
};

async function emptyIndexes(context: DrillContext): Promise<string> {
  const client = searchClient(need(context, 'staging').search.access);
  const { indexes } = await client.getStats();
  for (const name of Object.keys(indexes)) await client.index(name).deleteAllDocuments().waitTask();
  return `all documents removed from ${Object.keys(indexes).join(', ')} of the copy`;
}

const personFound = damaging('copy-used', addPerson, async (context) => {
  const { canaries } = need(context, 'seed');
  const { result } = await scanIndexes(context, need(context, 'staging').search.access, scanOptions(context));
  return [judgeCanariesAfter(canaries, result)];
});

/** A document of somebody real is in the index of the copy, where its rows are masked. */
const personInStagingIndex: Control = {
  name: 'person-in-staging-index',
  title: 'A document of the copy’s search index names a real person',
  expectedCheck: 'masking.canaries-after',
  expectedVerdict: 'fail',
  alsoRed: ['masking.leaks'],
  // No second look without the damage: another control empties this index, and the copy is thrown away.
  verify: personFound.verify,
  sabotage: personFound.sabotage,
};

/** A copy of some document, with a canary in place of each of its texts. */
async function addPerson(context: DrillContext): Promise<Damage> {
  const client = searchClient(need(context, 'staging').search.access);
  const [canary] = need(context, 'seed').canaries;
  const { indexes } = await client.getStats();
  const name = Object.entries(indexes).find(([, { numberOfDocuments }]) => numberOfDocuments > 0)?.[0];
  if (name === undefined || !canary) throw nothingToDamage('a document in the index of the copy, and a canary');
  const index = client.index(name);
  const key = await index.fetchPrimaryKey();
  const [document] = (await index.getDocuments({ limit: 1 })).results;
  if (key === undefined || !document) throw nothingToDamage('a document with a key');
  const id = 2 ** 31 - 1;
  const texts = Object.entries(document).map(([field, value]): [string, unknown] => [
    field,
    typeof value === 'string' ? canary.value : value,
  ]);
  await index.addDocuments([{ ...Object.fromEntries(texts), [key]: id }]).waitTask();
  return {
    description: `a document with canary ${canary.id} added to ${name}`,
    undo: async () => void (await index.deleteDocument(id).waitTask()),
  };
}

/** The staging application is connected to a store of production. */
const stagingOnProduction: Control = {
  name: 'staging-on-production',
  title: 'The staging application works on a store of production',
  expectedCheck: 'masking.stores',
  expectedVerdict: 'fail',
  async verify(context) {
    // The application of production itself, taken for the one of the copy.
    const app = { apiUrl: need(context, 'apiUrl'), tokens: need(context, 'tokens') };
    return [judgeStagingStores(await observeStagingStores(context, app))];
  },
  sabotage: {
    alterApp: (options, context) =>
      options.role === 'staging'
        ? { ...options, stores: { ...options.stores, objects: productionStores(context).objects } }
        : options,
  },
};

/** A role of the copy has a password of production. */
const passwordOfProduction: Control = {
  name: 'password-of-production',
  title: 'A role of the masked copy has a password of production',
  expectedCheck: 'masking.role-passwords',
  expectedVerdict: 'fail',
  ...damaging('copied', addRole, async (context) => [judgeRolePasswords(await observeRolePasswords(context))]),
};

async function addRole(context: DrillContext): Promise<Damage> {
  const verifiers = await withPostgres(need(context, 'database').connection, readRoleVerifiers);
  const known = verifiers.find(({ verifier }) => verifier !== null);
  const copy = need(context, 'staging').postgres.connection;
  if (!known) throw nothingToDamage('a role of production with a password');
  await withPostgres(copy, (client) =>
    client.query(`CREATE ROLE firedrill_control LOGIN PASSWORD ${client.escapeLiteral(known.verifier ?? '')}`),
  );
  return {
    description: `a role of the copy got the password of ${known.role}`,
    undo: async () => void (await withPostgres(copy, (client) => client.query('DROP ROLE firedrill_control'))),
  };
}

/** The controls of a drill that hands over a masked copy, in an order in which none is in the way of another. */
export const maskedCopyControls: readonly Control[] = [
  columnUnclassified,
  secretKept,
  maskingRuleOff,
  patternLeft,
  scannerBlind,
  passwordOfProduction,
  stagingOnProduction,
  personInStagingIndex,
  stagingIndexEmpty,
];
