import type { ActionNeed, SystemPart } from '../domain/runbook.ts';

/** What a runbook may refer to of a system. */
export interface SystemVocabulary {
  /** Names of the tokens that it makes for a run. */
  tokens: readonly string[];
  /** Which of the parts it has that not every system has. */
  parts: readonly SystemPart[];
}

/** What a runbook may refer to that is not in it. */
export interface Vocabulary {
  /** Every action by its name, with what it stands on. */
  actions: Readonly<Record<string, readonly ActionNeed[]>>;
  systems: Readonly<Record<string, SystemVocabulary>>;
  drills: readonly string[];
}

/** A mistake and the place in the document it concerns, as a path of keys. */
export interface Mistake {
  path: readonly PropertyKey[];
  message: string;
}
