import { requireFaketime } from '../../stack/faketime.ts';

/** Why no disk can be mounted here, to be put behind the name of a test; empty where one can. */
export const noMount =
  process.platform === 'linux' && process.getuid?.() === 0 ? '' : ' (skipped: only root on Linux may mount)';

/** Likewise, why no clock can be set off. */
export const noFaketime = await requireFaketime('api').then(
  () => '',
  (error: unknown) => ` (skipped: ${String(error).split('\n')[0]})`,
);
