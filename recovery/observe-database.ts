import type { Client } from 'pg';
import type { DatabaseContent, SequenceState } from '../domain/recovery.ts';
import { observeDefinitions, schemaChecksumOf } from './observe-definitions.ts';
import { observeSequences } from './observe-sequences.ts';
import { observeTables } from './observe-tables.ts';
import { withinSnapshot } from './within-snapshot.ts';

/**
 * What the database holds, through one snapshot: rows and a digest of every table, sequences, and every definition.
 *
 * Begins a read-only repeatable-read transaction of its own; on a client that is inside one already it looks through
 * that one and leaves it as it was. `sequences` are those that were observed before, where that matters: they do not
 * belong to a snapshot, so a backup reads them before its dump does. Needs a superuser's client.
 */
export async function observeDatabase(
  client: Client,
  { sequences }: { sequences?: SequenceState[] } = {},
): Promise<DatabaseContent> {
  return withinSnapshot(client, async () => {
    // First, for the same reason: what is read later from a sequence can only be greater.
    const sequenceStates = sequences ?? (await observeSequences(client));
    const definitions = await observeDefinitions(client);
    const tables = await observeTables(client);
    return { schemaChecksum: schemaChecksumOf(definitions), tables, sequences: sequenceStates, ...definitions };
  });
}
