import type { z } from 'zod';
import type { LedgerEnd, LedgerRun } from '../domain/ledger.ts';
import type { StoreName } from '../domain/service.ts';
import { standInsOf } from '../domain/stand-in.ts';
import { stores } from '../quarterly/coverage.ts';
import { readParts } from '../quarterly/read-parts.ts';
import { recordSchema } from '../reports/record-schema.ts';
import type { ProofFacts, StoreVersion } from './inputs.ts';

const proofSchema = recordSchema.pick({ runId: true, recoveryPoints: true, services: true, environment: true });

type Proof = z.output<typeof proofSchema>;

/** What a run has proved, from the record in its folder, or why that cannot be used. */
export async function readProof(
  directory: string,
  run: Pick<LedgerRun, 'runId'>,
  end: Pick<LedgerEnd, 'seal'>,
): Promise<ProofFacts | { why: string }> {
  const read = await readParts(proofSchema, { directory, run, end });
  return 'why' in read ? read : factsOf(read.parts);
}

function factsOf({ recoveryPoints = [], services, environment: { schemaSha256 } }: Proof): ProofFacts {
  const versionOf = (store: StoreName): [StoreName, StoreVersion][] => {
    const own = services.find(({ name, role }) => name === store && role === 'production');
    if (!own) return [];
    const { implementation, version, image } = own;
    const product = standInsOf(services).find((standIn) => standIn.store === store)?.product;
    return [
      [
        store,
        {
          implementation,
          version,
          ...(image !== undefined && { image }),
          ...(product !== undefined && { standsInFor: product }),
        },
      ],
    ];
  };
  return {
    sources: Object.fromEntries(recoveryPoints.map(({ store, source }) => [store, source])),
    versions: Object.fromEntries(stores.flatMap(versionOf)),
    ...(schemaSha256 !== undefined && { schemaSha256 }),
  };
}
