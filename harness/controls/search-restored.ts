import type { SearchAccess } from '../../domain/service.ts';
import type { SearchRecovery } from '../../recovery/search-restore.ts';
import { need, type DrillContext } from '../context.ts';
import type { Control } from '../definition.ts';
import { bringSearchBack, judgeRestored } from '../search-ways.ts';
import type { Damage } from './damaging.ts';
import { changeSettings, remakeKey, removeDocument, removeKey } from './search-damage.ts';

/** A search server with one document, setting or key other than in its backup. */
export const searchRestoredWrong: Control[] = [
  control('restored-document-missing', 'The restored search server lacks a document', 'documents', removeDocument, [
    'search.content',
  ]),
  control('settings-changed', 'An index has other settings than before', 'settings', changeSettings),
  control('key-missing', 'A key of the search server is gone', 'keys', removeKey),
  control('key-with-another-secret', 'A key of the search server was made again by hand', 'keys', remakeKey),
];

/**
 * The newest dump in a server of its own, which the controls do their damage to: the one that was recovered serves, and
 * has changed since. Started once a run; each control puts back what it did.
 */
export async function controlServer(context: DrillContext): Promise<SearchRecovery> {
  const known = context.state.searchControl;
  if (known) return known;
  const { server, recovery } = await bringSearchBack(context, 'dump', 'control');
  context.disposables.push(server);
  if (!recovery) throw new Error('a restore from a dump leaves a recovery');
  context.state.searchControl = recovery;
  return recovery;
}

function control(
  name: string,
  title: string,
  kind: 'documents' | 'settings' | 'keys',
  damage: (context: DrillContext, access: SearchAccess) => Promise<Damage>,
  alsoRed: string[] = [],
): Control {
  return {
    name,
    title,
    expectedCheck: `search-backup.${kind}`,
    expectedVerdict: 'fail',
    alsoRed,
    async verify(context) {
      const recovery = await controlServer(context);
      const done = await damage(context, recovery.server.access);
      try {
        return await judgeRestored(recovery, context.signal);
      } finally {
        await done.undo();
      }
    },
    sabotage: {
      at: { 'search-restored': async (context) => (await damage(context, need(context, 'search').access)).description },
    },
  };
}
