import { text } from 'node:stream/consumers';
import { objectClient } from '../../stack/clients.ts';
import { need, productionStores } from '../context.ts';
import type { Control } from '../definition.ts';
import { judgeSearch } from '../steps/search.ts';
import { controlServer } from './search-restored.ts';

const dayMs = 86_400_000;

/** What came after the backup is not caught up: the restored index is complete by its backup, and still too old. */
export const catchUpSkipped: Control = {
  name: 'catch-up-skipped',
  title: 'What was written after the backup is not caught up',
  expectedCheck: 'search.content',
  expectedVerdict: 'fail',
  async verify(context) {
    const { server } = await controlServer(context);
    return judgeSearch(context.system, { ...productionStores(context), search: server.access });
  },
  sabotage: {
    at: {
      // The backup claims to cover more than it does, so that nothing is left to be caught up.
      'backed-up': async (context) => {
        const client = objectClient(need(context, 'stack').backups.access);
        const points = need(context, 'searchBackups');
        for (const { bucket, manifestKey } of points) {
          const manifest = JSON.parse(await text(await client.getObject(bucket, manifestKey))) as { coveredAt: string };
          manifest.coveredAt = new Date(Date.parse(manifest.coveredAt) + dayMs).toISOString();
          await client.putObject(bucket, manifestKey, JSON.stringify(manifest));
        }
        return `${points.length} backups of the search server claim to cover a day more than they do`;
      },
    },
  },
};
