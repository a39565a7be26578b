import { frontOf } from '../app.ts';
import { need } from '../context.ts';
import type { Action } from '../definition.ts';
import { judgeAgainstKnown } from '../known-objects.ts';
import { judgeNewerObjects } from '../newer-objects.ts';

/** Reads every object again: is each what its row or the manifest says, and what users wrote since as they wrote it? */
export const verifyObjectVersions: Action = {
  name: 'verify-object-versions',
  title: 'Verify every object against its row and the manifest, and what was written since',
  phase: 'verify',
  needs: ['objects'],
  async execute(context) {
    context.judge([await judgeNewerObjects(context), ...(await judgeAgainstKnown(context))]);
    // The application went on all the while; from here on it is asked whether it works.
    context.state.apiUrl = await frontOf(context, need(context, 'app'));
  },
};
