import { messageOf } from '../../domain/drill-error.ts';
import { observeBucket } from '../../recovery/objects-source.ts';
import { codeOf } from '../../recovery/store-error.ts';
import { objectClient } from '../../stack/clients.ts';
import { need } from '../context.ts';
import type { Action } from '../definition.ts';
import { objectsOf } from '../object-rows.ts';

/** Does the object store answer, is each bucket there, and does it keep versions? Asked of the store, nothing is assumed. */
export const assessStorage: Action = {
  name: 'assess-storage',
  title: 'Ask the object store for each bucket and its versioning',
  phase: 'detect',
  needs: ['objects'],
  async execute(context) {
    const client = objectClient(need(context, 'objects').access);
    for (const bucket of objectsOf(context.system).buckets) {
      context.signal.throwIfAborted();
      const answer = await observeBucket(client, bucket).then(
        ({ versioning }) => `is there, versioning ${versioning}`,
        (error: unknown) => `refuses: ${codeOf(error) || messageOf(error)}`,
      );
      context.progress().info(`bucket ${bucket} ${answer}`);
    }
  },
};
