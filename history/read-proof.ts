import type { z } from 'zod';
import type { LedgerEnd, LedgerRun } from '../domain/ledger.ts';
import type { StoreName } from '../domain/service.ts';
import { readSealed } from '../evidence/read-sealed.ts';
import { stores } from '../quarterly/coverage.ts';
import { recordSchema } from '../reports/record-schema.ts';
import type { ProofFacts, StoreVersion } from './inputs.ts';

/** File of a record in the folder of its run. */
export const recordName = 'drill.json';

const proofSchema = recordSchema.pick({ runId: true, recoveryPoints: true, services: true, environment: true });

type Proof = z.output<typeof proofSchema>;

/** What a run has proved, from the record in its folder, or why that cannot be used. */
export async function readProof(
  directory: string,
  { runId }: Pick<LedgerRun, 'runId'>,
  end: Pick<LedgerEnd, 'seal'>,
): Promise<ProofFacts | { why: string }> {
  const sealed = await readSealed(directory, recordName, end);
  if ('why' in sealed) return sealed;
  const proof = parse(sealed.bytes);
  if (!proof) return { why: `${recordName} is not a record of schema version 1` };
  return proof.runId === runId ? factsOf(proof) : { why: `${recordName} is the one of run ${proof.runId}` };
}

function parse(bytes: Buffer): Proof | undefined {
  try {
    return proofSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}

function factsOf({ recoveryPoints = [], services, environment: { schemaSha256 } }: Proof): ProofFacts {
  const versionOf = (store: StoreName): [StoreName, StoreVersion][] => {
    const own = services.find(({ name, role }) => name === store && role === 'production');
    if (!own) return [];
    const { implementation, version, image } = own;
    return [[store, { implementation, version, ...(image !== undefined && { image }) }]];
  };
  return {
    sources: Object.fromEntries(recoveryPoints.map(({ store, source }) => [store, source])),
    versions: Object.fromEntries(stores.flatMap(versionOf)),
    ...(schemaSha256 !== undefined && { schemaSha256 }),
  };
}
