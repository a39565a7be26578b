import { createHash } from 'node:crypto';
import type { Control } from './definition.ts';

type Choosable = Pick<Control, 'name' | 'expectedCheck'>;

/** A file that differs from the last whole green run of the drill. */
export interface ChangedFile {
  /** From the project's folder. */
  path: string;
  /** Empty of a file that is gone. */
  text: string;
}

/** What is known of the last whole green run; `undefined` where there is none, or its files are not known. */
export type SinceGreen = { run: number; changed: readonly ChangedFile[] } | undefined;

/** Folders whose files say what is judged and by what it is turned red; whatever else changed may concern every judge. */
const judging = /^(?:checks|faults|harness|masking|recovery|smoke)\//;

/**
 * The controls of a quick run, in the order of the drill, and by what they were chosen: those whose name, or whose check,
 * stands in a file that has changed; and where a file names none, or nothing is known, one for each judge. At least one.
 */
export function chooseQuickControls<One extends Choosable>(
  controls: readonly One[],
  since: SinceGreen,
  seed: number,
): { controls: One[]; reason: string; leftOut: string[] } {
  const chosen = new Set<One>();
  const reason = choose();
  const [first] = byDraw(controls, seed);
  if (chosen.size === 0 && first) chosen.add(first);
  return {
    controls: controls.filter((control) => chosen.has(control)),
    reason,
    leftOut: controls.filter((control) => !chosen.has(control)).map(({ name }) => name),
  };

  function choose(): string {
    if (since === undefined) {
      for (const control of oneOfEachJudge(controls, seed)) chosen.add(control);
      return 'one of each judge: no whole green run of this drill is known whose files can be compared';
    }
    const { run, changed } = since;
    if (changed.length === 0) return `one of all: nothing has changed since run ${run}, the last whole green one`;
    const named = changed.map(({ path, text }) => (judging.test(path) ? controls.filter(isNamedIn(text)) : []));
    for (const control of named.flat()) chosen.add(control);
    const shared = named.filter((own) => own.length === 0).length;
    if (shared > 0) for (const control of oneOfEachJudge(controls, seed)) chosen.add(control);
    const files = `${changed.length} ${changed.length === 1 ? 'file has' : 'files have'} changed`;
    const rest = shared > 0 ? `, and one of each judge for ${shared} that ${shared === 1 ? 'names' : 'name'} none` : '';
    return `those that changed files name${rest}: ${files} since run ${run}, the last whole green one`;
  }
}

function isNamedIn(text: string): (control: Choosable) => boolean {
  return ({ name, expectedCheck }) => [name, expectedCheck].some((word) => text.includes(`'${word}'`));
}

/** Checks of one judge have the first part of their name in common. */
function oneOfEachJudge<One extends Choosable>(controls: readonly One[], seed: number): One[] {
  const judges = Map.groupBy(byDraw(controls, seed), ({ expectedCheck }) => expectedCheck.split('.')[0]);
  return [...judges.values()].flatMap(([first]) => first ?? []);
}

function byDraw<One extends Choosable>(controls: readonly One[], seed: number): One[] {
  const place = ({ name }: One): string => createHash('sha256').update(`${seed} ${name}`).digest('hex');
  return controls.toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
}
