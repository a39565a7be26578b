import type { DrillErrorFacts } from '../domain/drill-error.ts';
import type { LoadedRows } from './load-rows.ts';
import type { ArchiveHeadFound, TableLoad } from './row-loader.ts';

/** A plan as it is sent to another process. */
export type SentPlan = { load: 'all' } | { load: 'none' } | { load: 'transformed'; module: string; data: unknown };

/** The one message to the loader: its instructions. */
export interface ToLoader {
  settings: string;
  tables: (Omit<TableLoad, 'plan'> & { plan: SentPlan })[];
}

/** What the loader says, in this order: the head, then tables and bytes, then one of the last two. */
export type FromLoader =
  | { kind: 'head'; found: ArchiveHeadFound }
  | { kind: 'table'; dumpId: number; loaded: LoadedRows }
  | { kind: 'bytes'; sizeBytes: number }
  | { kind: 'done'; outcome: { unknown: string } | undefined }
  | { kind: 'failed'; facts: DrillErrorFacts };
