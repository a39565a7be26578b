import { judgeFileOperations } from '../../checks/file-operations.ts';
import { need, productionStores } from '../context.ts';
import type { Action } from '../definition.ts';
import { objectsOf } from '../object-rows.ts';

/** Files go up and come down through the application's own paths. */
export const testFileOperations: Action = {
  name: 'test-file-operations',
  title: 'Test file operations through the application',
  phase: 'resume',
  needs: ['objects'],
  async execute(context) {
    const stores = productionStores(context);
    const access = { ...stores, apiUrl: need(context, 'apiUrl'), tokens: need(context, 'tokens') };
    const operations = await objectsOf(context.system).testFiles(access, context.signal);
    context.judge([judgeFileOperations(operations)]);
  },
};
