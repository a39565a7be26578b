/** Sections of the run report that show checks. */
export type ReportSection =
  | 'environment'
  | 'recovery-point'
  | 'course'
  | 'objectives'
  | 'integrity'
  | 'masking'
  | 'service'
  | 'security'
  | 'controls'
  | 'clean-up';

/** Controls of NIST SP 800-53 Rev. 5 that a drill bears on beside CP-4, to which every check of a drill belongs. */
export type ControlId = 'cp-9.1' | 'cp-9.2' | 'cp-10.2' | 'cp-10.4';

/** How much hangs on a check: `blocker` where data, people or the trust in the drill itself are at stake. */
export type CheckSeverity = 'blocker' | 'critical' | 'normal';

/**
 * When a run owes the check, by what is known before it starts: what becomes of the stores, what the system has, what
 * the runbook asks for.
 */
export type Owing =
  | 'always'
  | 'database-hit'
  | 'objects-lost'
  | 'objects-lost-alone'
  | 'objects-damaged'
  | 'objects-hit'
  | 'objects-hit-alone'
  | 'search-hit'
  | 'search-hit-alone'
  | 'search-damaged'
  | 'search-from-backup'
  | 'search-rebuilt'
  | 'everything-lost'
  | 'any-lost'
  | 'any-backup'
  | 'has-search'
  | 'edits'
  | 'has-worker'
  | 'reconciles-objects'
  | 'reconciles-search'
  | 'masked-copy'
  | 'servers-fail'
  | 'sustained'
  | 'restored-services'
  | 'marked-stores'
  | 'controls'
  | 'clean-up'
  | 'memory';

/** What turns a check red, so that it is no check that cannot fail: a control of the drills, or a test by its title. */
export type RedBy = { control: string } | { test: string; title: string };

/** What checks of one kind have in common. */
export interface CheckArea {
  section: ReportSection | { outside: string };
  /** `none` says why it bears on no control but CP-4. */
  evidences: readonly ControlId[] | { none: string };
  /** When each is owed; `never` says why none is. */
  owed: Owing | { never: string };
}

export interface CheckEntry extends CheckArea {
  /** What holds when it is green. */
  title: string;
  severity: CheckSeverity;
  redBy: RedBy;
  /** When it is owed before the fault (`steady-state.`) and on the masked copy (`staging.`), in addition. */
  places?: { 'steady-state'?: Owing; staging?: Owing };
}

/** One line of the catalogue. */
export function check(
  title: string,
  area: CheckArea,
  severity: CheckSeverity,
  redBy: RedBy,
  more: Partial<Pick<CheckEntry, 'owed' | 'places'>> = {},
): CheckEntry {
  return { title, ...area, severity, redBy, ...more };
}

export function byControl(control: string): RedBy {
  return { control };
}

/** `title` is the beginning of the test's title as its file has it, or of the group of tests that it is in. */
export function byTest(test: string, title: string): RedBy {
  return { test, title };
}
