import type { Runbook } from '../domain/runbook.ts';
import type { Probe } from '../domain/smoke.ts';
import type { RunbookFile } from './schema.ts';

/** The domain's `Runbook` of a validated file: defaults applied to every probe, units in the names. */
export function toRunbook(file: RunbookFile, path: string, sha256: string): Runbook {
  const {
    $schema: _,
    objective,
    services,
    scenarios,
    smoke,
    masking,
    reconciliation,
    availability,
    backup,
    cadence,
    ...rest
  } = file;
  return {
    ...rest,
    file: path,
    sha256,
    objective: { rtoMs: objective.rto, rpoMs: objective.rpo },
    backup: { compression: backup.compression, maxSkewMs: backup.maxSkew },
    services: mapValues(services, ({ title, objective: { rto, rpo }, store, backupEvery }) => ({
      title,
      objective: { rtoMs: rto, rpoMs: rpo },
      ...(store && { store }),
      ...(backupEvery !== undefined && { backupEveryMs: backupEvery }),
    })),
    scenarios: mapValues(scenarios, (scenario) => ({
      ...defined(scenario),
      steps: scenario.steps.map(({ budget, ...step }) => ({
        ...defined(step),
        ...(budget !== undefined && { budgetMs: budget }),
      })),
    })),
    smoke: {
      probes: smoke.probes.map((probe) => toProbe(probe, smoke)),
      detectBy: smoke.detectBy,
      ...(smoke.sustained && { sustained: smoke.sustained }),
    },
    ...(availability && { availability: toAvailability(availability) }),
    reconciliation: mapValues(defined(reconciliation), (policy) => ({
      ...defined(policy),
      tolerance: defined(policy.tolerance),
    })),
    masking: {
      tables: mapValues(masking.tables, ({ clear, columns = {} }) => ({ ...(clear && { clear }), columns })),
      ...(masking.largeObjects && { largeObjects: masking.largeObjects }),
    },
    cadence: toCadence(cadence),
    contacts: rest.contacts.map((contact) => defined(contact)),
  };
}

function toAvailability({
  outageLimit,
  ...rest
}: NonNullable<RunbookFile['availability']>): NonNullable<Runbook['availability']> {
  return { ...rest, outageLimitMs: outageLimit };
}

function toCadence({ frequency, exercises }: RunbookFile['cadence']): Runbook['cadence'] {
  return { frequency, ...(exercises && { exercises: exercises.map((exercise) => defined(exercise)) }) };
}

function toProbe(probe: RunbookFile['smoke']['probes'][number], { limit, requests }: RunbookFile['smoke']): Probe {
  const { limit: ownLimit, requests: ownRequests, expect, ...rest } = probe;
  const status = Array.isArray(expect.status) ? expect.status : [expect.status];
  const numeric = expect.numeric && { numeric: defined(expect.numeric) };
  return {
    ...defined(rest),
    expect: { ...defined({ ...expect, numeric: undefined }), ...numeric, status },
    limitMs: ownLimit ?? limit,
    requests: ownRequests ?? requests,
  };
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The same object without the keys that are `undefined`, as `exactOptionalPropertyTypes` wants it. */
function defined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>;
}
