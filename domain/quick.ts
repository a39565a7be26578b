/** What a quick run has left out. It is for the one who works on a drill, and never evidence. */
export interface QuickRecord {
  /** By what its controls were chosen, in words. */
  reason: string;
  /** Controls that the drill has and that were not played, by name. */
  leftOut: string[];
}

/** Why a quick run counts for nothing, wherever runs are counted. */
export const quickWords = 'a quick run: smaller data, a short smoke, some of the controls; no evidence';
