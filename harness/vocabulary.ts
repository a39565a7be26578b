import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { systemParts, type SystemPart } from '../domain/runbook.ts';
import type { SystemUnderDrill } from '../domain/system.ts';
import { systems } from '../fixtures/index.ts';
import type { SystemVocabulary, Vocabulary } from '../runbooks/load.ts';
import { actions } from './actions/index.ts';
import { projectFolder } from './project.ts';

/** Ending of a drill's file; what stands before it is the drill's name. */
export const drillEnding = '.drill.ts';

/** What runbooks may refer to: the actions, the systems and the drills that there are. */
export const vocabulary: Vocabulary = {
  actions: Object.fromEntries(Object.values(actions).map(({ name, needs = [] }) => [name, needs])),
  systems: Object.fromEntries(Object.entries(systems).map(([name, system]) => [name, vocabularyOf(system)])),
  // By their files: a drill that is imported inside a suite would run.
  drills: globSync(`drills/**/*${drillEnding}`, { cwd: projectFolder })
    .map((file) => basename(file, drillEnding))
    .toSorted(),
};

function vocabularyOf(system: SystemUnderDrill): SystemVocabulary {
  const has: Record<SystemPart, boolean> = {
    objects: system.objects !== undefined,
    search: system.searchContent !== undefined && system.reindex !== undefined,
    servers: system.servers !== undefined,
  };
  return { tokens: Object.keys(system.createTokens()), parts: systemParts.filter((part) => has[part]) };
}
