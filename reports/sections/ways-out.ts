import type { DrillRecord } from '../../domain/record.ts';
import type { WayOut } from '../../domain/ways-out.ts';
import type { Block } from '../blocks.ts';

const servers = { recovered: 'the recovered server', copy: 'the masked copy' } as const;

const states: Record<WayOut['state'], string> = {
  'by-itself': 'goes out by itself',
  'when-used': 'goes out when it is used',
  closed: 'closed',
};

/** How the restored servers reach others; nothing in a record of an earlier version. */
export function waysOutBlocks({ waysOut = [] }: DrillRecord): Block[] {
  return waysOut.flatMap(({ server, ways, notRefreshed }): Block[] => {
    const named = servers[server];
    const table: Block =
      ways.length === 0
        ? { kind: 'empty', text: `Nothing in ${named} reaches another server.` }
        : {
            kind: 'table',
            title: `Ways out of ${named}`,
            columns: [{ title: 'Way out' }, { title: 'As it was left' }],
            rows: ways.map(({ name, state }) => [{ code: name }, states[state]]),
          };
    if (notRefreshed.length === 0) return [table];
    const title = `Materialised views left empty in ${named}: filling them would have asked another server`;
    return [table, { kind: 'list', title, items: [...notRefreshed] }];
  });
}
