import type { DrillRecord } from '../../domain/record.ts';
import { facts, type Block, type Cell, type Section } from '../blocks.ts';
import { bytes, counted, duration, instant, number } from '../format.ts';
import { whyEmpty } from '../state.ts';
import { findingsOf, findingsTable } from './findings.ts';

export function environmentSection(record: DrillRecord): Section {
  const { environment, engine, seed } = record;
  const { firedrill, node, platform, cpus, memoryBytes, gitRevision, dataOrigin, rows, rowUnit, command } = environment;
  return {
    number: 5,
    title: 'Environment',
    blocks: [
      facts({
        Engine: engine === 'native' ? 'native: local processes' : 'containers',
        Data:
          dataOrigin === 'synthetic'
            ? `synthetic, made from seed ${environment.seed}: ${number(rows)} ${rowUnit}`
            : `a real backup: ${number(rows)} ${rowUnit}`,
        ...(seed && {
          Filled: `${counted(sumOf(seed.tables), 'row')} in ${counted(Object.keys(seed.tables).length, 'table')}, ${counted(seed.objects, 'object')}, ${counted(seed.documents, 'document')}`,
        }),
        Firedrill: `${firedrill} on Node.js ${node}`,
        Machine: `${platform}, ${counted(cpus, 'processor')}, ${bytes(memoryBytes)} of memory`,
        'Git revision': gitRevision === undefined ? 'not known' : { code: gitRevision },
        'To run it again': { code: command },
      }),
      ...servicesTable(record),
      ...memoryTable(record),
      ...findingsTable('Checks of the environment', findingsOf(record, 5)),
    ],
  };
}

function servicesTable(record: DrillRecord): Block[] {
  const { services } = record;
  if (services.length === 0) return [{ kind: 'empty', text: whyEmpty(record, 'start', 'the services that ran') }];
  return [
    {
      kind: 'table',
      title: 'Services, as they really ran',
      columns: ['Service', 'Instance', 'Implementation', 'Version', 'Image'].map((title) => ({ title })),
      rows: services.map(({ name, role, implementation, version, image, imageId }) => {
        const images = [image, imageId].filter((part) => part !== undefined);
        return [name, role, implementation, version, images.length === 0 ? 'no image' : { lines: images }];
      }),
    },
  ];
}

function memoryTable({ memory }: DrillRecord): Block[] {
  if (!memory) return [{ kind: 'empty', text: 'There is no record of the memory that our own processes used.' }];
  return [
    {
      kind: 'table',
      title: `Greatest memory of our own processes, limit ${bytes(memory.limitBytes)}`,
      columns: [{ title: 'Process' }, { title: 'Peak', numeric: true }],
      rows: memory.processes.map(({ name, peakBytes }) => [name, bytes(peakBytes)]),
    },
  ];
}

export function recoveryPointSection(record: DrillRecord): Section {
  return {
    number: 6,
    title: 'Recovery point per store',
    blocks: [
      ...backupBlock(record),
      ...pointsTable(record),
      ...skewBlock(record),
      ...findingsTable('Checks of the backup', findingsOf(record, 6)),
    ],
  };
}

function backupBlock(record: DrillRecord): Block[] {
  const { backup } = record;
  if (!backup) return [{ kind: 'empty', text: whyEmpty(record, 'backup', 'a backup') }];
  const age: Cell | undefined = backup.ageAtFaultMs === undefined ? undefined : duration(backup.ageAtFaultMs);
  return [
    facts({
      Backup: { code: backup.id },
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

function pointsTable(record: DrillRecord): Block[] {
  const { recoveryPoints } = record;
  if (!recoveryPoints) {
    return [{ kind: 'empty', text: whyEmpty(record, 'restore', 'where the content of each store came from') }];
  }
  const sources = { backup: 'restored from a backup', survived: 'survived the fault', rebuilt: 'made anew' };
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

function sumOf(tables: Record<string, number>): number {
  return Object.values(tables).reduce((sum, rows) => sum + rows, 0);
}
