import { existsSync } from 'node:fs';
import type { Fault, FaultEffect } from '../domain/fault.ts';
import { owedBy, type Owed, type RunFacts } from '../domain/owed.ts';
import type { Runbook, RunbookScenario } from '../domain/runbook.ts';
import type { SystemUnderDrill } from '../domain/system.ts';
import type { RunOptions } from './options.ts';

export interface OwingRun {
  runbook: Pick<Runbook, 'masking' | 'availability' | 'smoke'>;
  scenario: Pick<RunbookScenario, 'steps'>;
  system: Pick<SystemUnderDrill, 'objects' | 'searchContent' | 'workerHeartbeatAgeMs' | 'indexEdits'>;
  fault: Pick<Fault, 'claims'>;
  from: string | undefined;
  options: Pick<RunOptions, 'sabotage' | 'keep'>;
}

/**
 * What a run owes, known before it starts: by what its fault does to the stores, what the system has and what the
 * runbook asks for. The drill's own lists of steps are not asked, since one that is left out there must be missed.
 */
export function owedByRun({ runbook, scenario, system, fault, from, options }: OwingRun): Owed {
  return owedBy({
    hit: hitBy(fault),
    has: {
      objects: system.objects !== undefined,
      search: system.searchContent !== undefined,
      worker: system.workerHeartbeatAgeMs !== undefined,
      edits: system.indexEdits !== undefined,
    },
    ...(from !== undefined && { way: from }),
    restoredServices: [...new Set(scenario.steps.flatMap(({ restores }) => restores ?? []))],
    masks: Object.keys(runbook.masking.tables).length > 0,
    availability: runbook.availability !== undefined,
    // A sabotage is caught by a check of its own; the load would only hold up the proof of it.
    sustained: runbook.smoke.sustained !== undefined && options.sabotage === undefined,
    sabotage: options.sabotage !== undefined,
    keep: options.keep,
    // Where the kernel keeps the peak of a process (proc(5)).
    measuresMemory: existsSync('/proc/self/status'),
  });
}

const contentOf: Partial<Record<FaultEffect, 'lost' | 'damaged'>> = { destroyed: 'lost', damaged: 'damaged' };

function hitBy({ claims }: Pick<Fault, 'claims'>): RunFacts['hit'] {
  const hit: RunFacts['hit'] = {};
  for (const { target, effect } of claims) {
    const content = contentOf[effect];
    if (target.service !== 'api' && content) hit[target.service] = content;
  }
  return hit;
}
