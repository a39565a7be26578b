import type { DrillRecord } from '../../domain/record.ts';
import { facts, type Block, type Cell, type Section } from '../blocks.ts';
import { bytes, counted, duration, instant, number, preciseInstant } from '../format.ts';
import { whyEmpty } from '../state.ts';
import { findingsOf, findingsTable } from './findings.ts';

export function recoveryPointSection(record: DrillRecord): Section {
  return {
    number: 6,
    title: 'Recovery point per store',
    blocks: [
      ...backupBlock(record),
      ...backupsTable(record),
      ...backupSetBlock(record),
      ...pointsTable(record),
      ...skewBlock(record),
      ...findingsTable('Checks of the backup', findingsOf(record, 'recovery-point')),
    ],
  };
}

function backupBlock(record: DrillRecord): Block[] {
  const { backup, backups = [] } = record;
  // A drill of another store has no backup of the database: the table of all says what there was.
  if (!backup && backups.length > 0) return [];
  if (!backup) return [{ kind: 'empty', text: whyEmpty(record, 'backup', 'a backup') }];
  const age: Cell | undefined = backup.ageAtFaultMs === undefined ? undefined : duration(backup.ageAtFaultMs);
  return [
    facts({
      'Backup of the database': { code: backup.id },
      'sha256 of the stored file': { code: backup.sha256 },
      Size: `${bytes(backup.sizeBytes)} (${number(backup.sizeBytes)} bytes), ${backup.compression}, encrypted`,
      'Instant covered': instant(backup.coveredAt),
      'Age at the fault': age ?? 'not known: no fault was recorded',
      Took: duration(backup.durationMs),
      'Write-ahead log position': { code: backup.lsn },
      'Server version': backup.serverVersion,
      Rows: number(backup.rows),
    }),
  ];
}

function backupsTable({ backups = [] }: DrillRecord): Block[] {
  if (backups.length === 0) return [];
  return [
    {
      kind: 'table',
      title: `Backups that were taken: ${backups.length}, of ${counted(new Set(backups.map(({ store }) => store)).size, 'store')}`,
      columns: [
        { title: 'Store' },
        { title: 'Id' },
        { title: 'Instant covered' },
        { title: 'Age at the fault', numeric: true },
        { title: 'Took', numeric: true },
        { title: 'Size', numeric: true },
        { title: 'Holds', numeric: true },
      ],
      rows: backups.map(
        ({ store, kind, id, coveredAt, ageAtFaultMs, durationMs, sizeBytes, items, itemUnit, earlier }) => [
          { lines: [store, kind, ...(earlier ? ['earlier, not to be chosen'] : [])] },
          { code: id },
          preciseInstant(coveredAt),
          ageAtFaultMs === undefined ? 'not known' : duration(ageAtFaultMs),
          duration(durationMs),
          bytes(sizeBytes),
          `${number(items)} ${itemUnit}`,
        ],
      ),
    },
  ];
}

/** One recovery point of all stores is as good as the distance between the instants that they cover. */
function backupSetBlock({ backupSet, backups: taken = [] }: DrillRecord): Block[] {
  if (!backupSet) return [];
  const backups = taken.filter(({ earlier }) => !earlier);
  const { id, skewMs, oldest, newest } = backupSet;
  const others = backups.filter(({ setId }) => setId !== id).map(({ store }) => store);
  return [
    facts({
      'Backup of everything': { code: id },
      Members: others.length === 0 ? `all ${backups.length} backups` : `all but ${others.join(', ')}`,
      'Skew between its members': {
        lines: [
          duration(skewMs),
          `oldest: ${oldest.store}, ${preciseInstant(oldest.coveredAt)}`,
          `newest: ${newest.store}, ${preciseInstant(newest.coveredAt)}`,
        ],
      },
    }),
  ];
}

function pointsTable(record: DrillRecord): Block[] {
  const { recoveryPoints } = record;
  if (!recoveryPoints) {
    return [{ kind: 'empty', text: whyEmpty(record, 'restore', 'where the content of each store came from') }];
  }
  const sources = {
    backup: 'restored from a backup',
    survived: 'survived the fault',
    rebuilt: 'made anew',
    versions: 'put back from its versions',
  };
  return [
    {
      kind: 'table',
      title: 'Where the content of each store came from',
      columns: ['Store', 'Source', 'What it was', 'Instant covered'].map((title) => ({ title })),
      rows: recoveryPoints.map(({ store, source, detail, coveredAt }) => [
        store,
        sources[source],
        detail,
        coveredAt === undefined ? 'no instant of its own' : instant(coveredAt),
      ]),
    },
  ];
}

/** The stores are not at one instant: by how much, the newest surviving markers say. */
function skewBlock(record: DrillRecord): Block[] {
  const measured = record.rpo.flatMap(({ store, measuredMs }) =>
    measuredMs === undefined ? [] : [{ store, measuredMs }],
  );
  if (measured.length < 2) {
    return [
      { kind: 'empty', text: 'The skew across stores is not known: fewer than two stores have a surviving marker.' },
    ];
  }
  const sorted = measured.toSorted((one, other) => one.measuredMs - other.measuredMs);
  const [newest, oldest] = [sorted[0]!, sorted.at(-1)!];
  return [
    facts({
      'Skew across stores': `${duration(oldest.measuredMs - newest.measuredMs)}: ${newest.store} is the newest, ${oldest.store} the oldest, by their newest surviving markers`,
    }),
  ];
}
