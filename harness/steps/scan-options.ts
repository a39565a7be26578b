import type { ScanOptions } from '../../masking/scan.ts';
import { need, type DrillContext } from '../context.ts';

/** What every scan of a run is told. The scanner knows the canaries and nothing of the masking policy. */
export function scanOptions(context: DrillContext): ScanOptions {
  const { clock, signal } = context;
  return { canaries: need(context, 'seed').canaries, clock, signal, progress: context.progress() };
}
