import type { DrillRecord } from '../../domain/record.ts';
import { facts, type Block, type Cell, type Section } from '../blocks.ts';
import { bytes, counted, number } from '../format.ts';
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
        ...sourceFacts(environment),
        'To run it again': { code: command },
      }),
      ...servicesTable(record),
      ...memoryTable(record),
      ...findingsTable('Checks of the environment', findingsOf(record, 'environment')),
    ],
  };
}

/** What the drill ran on beside the revision; records of earlier versions do not say. */
function sourceFacts({ uncommittedFiles, sourceSha256 }: DrillRecord['environment']): Record<string, Cell> {
  const shown = uncommittedFiles?.slice(0, 10) ?? [];
  const more = (uncommittedFiles?.length ?? 0) - shown.length;
  return {
    ...(uncommittedFiles && {
      'Changed, not committed':
        shown.length === 0
          ? 'none of the files that the drill ran on'
          : { lines: [...shown, ...(more > 0 ? [`and ${counted(more, 'more file')}`] : [])] },
    }),
    ...(sourceSha256 !== undefined && { 'Files that it ran on, sha256': { code: sourceSha256 } }),
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

function sumOf(tables: Record<string, number>): number {
  return Object.values(tables).reduce((sum, rows) => sum + rows, 0);
}
