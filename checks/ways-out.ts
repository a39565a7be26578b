import { finding, type Finding } from '../domain/finding.ts';
import type { WaysOut, WayOut } from '../domain/ways-out.ts';
import { evidenceOf } from './integrity-differences.ts';

/**
 * A restored server goes nowhere by itself before somebody has looked: no subscription that runs, no job of a scheduler
 * that is loaded, no setting that sends the log away. What goes out only when it is used is listed in the record.
 */
export function judgeWaysOut({ ways, notRefreshed }: WaysOut): Finding {
  const live = ways.filter(({ state }) => state === 'by-itself');
  const left =
    notRefreshed.length === 0 ? '' : `; left empty, since they read another server: ${notRefreshed.join(', ')}`;
  return finding('restore.ways-out', live.length === 0, {
    expected: 'nothing that goes out by itself',
    actual: `${counted(live.length, ways.length)}${left}`,
    evidence: evidenceOf(live.map(describe)),
    recommendation:
      'Switch it off before the server is opened, and on again once somebody has decided that it may go out.',
  });
}

/** A masked copy has no way out at all, and nothing to log in elsewhere with. */
export function judgeCopyWaysOut({ ways }: WaysOut): Finding {
  const open = ways.filter(({ state }) => state !== 'closed');
  return finding('masking.ways-out', open.length === 0, {
    expected: 'a copy that reaches no other server',
    actual: counted(open.length, ways.length),
    evidence: evidenceOf(open.map(describe)),
    recommendation: 'Do not hand the copy over: remove user mappings, subscriptions, addresses and jobs from it first.',
  });
}

function counted(open: number, all: number): string {
  return all === 0 ? 'no way out' : `${open} of ${all} ways out open`;
}

function describe({ kind, name, state }: WayOut): string {
  return `${kind}: ${name} (${state === 'by-itself' ? 'goes out by itself' : 'goes out when it is used'})`;
}
