import type { Leak, OwedLeak, ScannerProof } from '../../domain/masking.ts';
import type { PostgresConnection } from '../../domain/service.ts';
import { scanDatabase, scanDocuments, SourceDigests, type ScanOptions } from '../../masking/scan.ts';
import { makeSpecimens, plantSpecimens, type Specimen, type Specimens } from '../../masking/specimens.ts';
import { withPostgres } from '../../stack/clients.ts';
import { need, type DrillContext } from '../context.ts';
import { scanOptions } from './scan-options.ts';

/** Whether a specimen is shown in a place; a control hides one. */
export type Shown = (specimen: Specimen, place: string) => boolean;

const database = 'firedrill_specimens';

/**
 * Shows the scanner a specimen for each of its detectors in each kind of place: in a database of its own on the server of
 * the copy, which is dropped again, and in documents. A second scan must know the values of the first one again.
 */
export async function proveScanner(
  context: DrillContext,
  shown: Shown = context.sabotage.showSpecimen ?? (() => true),
): Promise<ScannerProof> {
  const specimens = makeSpecimens(context.record.environment.seed);
  const { progress: _, ...options } = scanOptions(context);
  return showSpecimens(need(context, 'staging').postgres.connection, { specimens, shown, options });
}

/** The same on any server. */
export async function showSpecimens(
  server: PostgresConnection,
  { specimens, shown, options: given }: { specimens: Specimens; shown: Shown; options: ScanOptions },
): Promise<ScannerProof> {
  const options: ScanOptions = { ...given, canaries: [specimens.canary] };
  const connection = { ...server, database };
  await withPostgres(server, (client) =>
    client.query(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`),
  );
  try {
    const places = await withPostgres(connection, (client) => plantSpecimens(client, specimens, shown));
    const digests = new SourceDigests();
    await scanAll({ ...options, collect: digests });
    const leaks = await scanAll({ ...options, sourceDigests: digests });
    return { owed: owedLeaks(specimens, [...places, indexPlace]), leaks };
  } finally {
    await withPostgres(server, (client) => client.query(`DROP DATABASE ${database} WITH (FORCE)`));
  }

  async function scanAll(scan: ScanOptions): Promise<Leak[]> {
    const documents = specimenDocuments(specimens, shown);
    return [...(await scanDatabase({ ...scan, connection })).leaks, ...(await scanDocuments(documents, scan)).leaks];
  }
}

const indexPlace = 'index:specimens';

async function* specimenDocuments({ all }: Specimens, shown: Shown): AsyncGenerator<{ index: string; line: string }> {
  for (const [id, specimen] of all.entries()) {
    const text = shown(specimen, indexPlace) ? specimen.value : '';
    yield { index: 'specimens', line: JSON.stringify({ id, written: { by: text } }) };
  }
}

/** Each detector in each place; and that the values of patterns are known again when they are seen a second time. */
function owedLeaks({ all }: Specimens, places: readonly string[]): OwedLeak[] {
  const detectors = [...all.map(({ detector }) => detector), 'source-value'];
  return places.flatMap((place) => detectors.map((detector) => ({ detector, place })));
}
