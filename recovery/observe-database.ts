import type { Client } from 'pg';
import type { DatabaseContent, ObservationFormat, SequenceState } from '../domain/recovery.ts';
import { observeLocale } from './database-locale.ts';
import { observeDefinitions, schemaChecksumOf } from './observe-definitions.ts';
import { observeSamples } from './observe-samples.ts';
import { observeSequences } from './observe-sequences.ts';
import { observeMaterialisedViews, observeTables, type TableChoice } from './observe-tables.ts';
import { releasingLocks } from './releasing-locks.ts';
import { withinSnapshot } from './within-snapshot.ts';

/** Of what is observed where nothing else is asked for. */
export const currentFormat = 3 satisfies ObservationFormat;

export interface ObservationOptions extends TableChoice {
  /** As they were observed before. */
  sequences?: SequenceState[];
  /** Of the content that it will be held against. */
  format?: ObservationFormat;
}

/**
 * What the database holds, through one snapshot: rows and a digest of every table, sequences, and every definition.
 *
 * Begins a read-only repeatable-read transaction of its own; on a client that is inside one already it looks through
 * that one and leaves it as it was. `sequences` are those that were observed before, where that matters: they do not
 * belong to a snapshot, so a backup reads them before its dump does. With `only`, the rows of these tables and views alone
 * are read, digests and samples; the others are left out of the content. Needs a superuser's client.
 */
export async function observeDatabase(
  connected: Client,
  { sequences, format = currentFormat, ...choice }: ObservationOptions = {},
): Promise<DatabaseContent> {
  return withinSnapshot(connected, async () => {
    const client = releasingLocks(connected);
    // First, for the same reason: what is read later from a sequence can only be greater.
    const sequenceStates = sequences ?? (await observeSequences(client));
    const definitions = await observeDefinitions(client, format);
    const tables = await observeTables(client, format, choice);
    return {
      ...(format !== 1 && (await observeMore(client, connected, format, choice))),
      schemaChecksum: schemaChecksumOf(definitions),
      tables,
      sequences: sequenceStates,
      ...definitions,
    };
  });
}

/** What contents of format 1 do not have. */
async function observeMore(
  client: Client,
  connected: Client,
  format: 2 | 3,
  choice: TableChoice,
): Promise<Partial<DatabaseContent>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I', rolname) AS name FROM pg_catalog.pg_roles WHERE oid = 10`,
  );
  const bootstrapRole = rows[0]?.name;
  return {
    format,
    materialisedViews: await observeMaterialisedViews(client, format, choice),
    locale: await observeLocale(client),
    ...(bootstrapRole !== undefined && { bootstrapRole }),
    samples: await observeSamples(connected, choice),
  };
}
