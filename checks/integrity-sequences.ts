import { finding, notApplicable, type Finding } from '../domain/finding.ts';
import type { SequenceState } from '../domain/recovery.ts';
import { evidenceOf } from './integrity-differences.ts';

/**
 * Every sequence is there, hands out values beyond those in its column, and none that it had handed out before. One
 * that was behind its column before the fault already is no loss of the recovery: it is said, not failed.
 */
export function judgeSequences(expected: readonly SequenceState[], actual: readonly SequenceState[]): Finding {
  if (expected.length === 0 && actual.length === 0)
    return notApplicable(
      'integrity.sequences',
      'the sequences of before the fault',
      'the database had no sequences, and has none',
    );
  const found = new Map(actual.map((state) => [keyOf(state), state]));
  const before = new Map(expected.map((state) => [keyOf(state), state]));
  const problems: string[] = [];
  let behindBefore = 0;
  for (const state of expected) {
    const now = found.get(keyOf(state));
    if (now === undefined) problems.push(`${describe(state)}: missing`);
    else if (isBefore(now.next, state.next, state))
      problems.push(`${describe(state)}: next is ${now.next}, was ${state.next}`);
  }
  for (const state of actual) {
    const was = before.get(keyOf(state));
    if (was === undefined) problems.push(`${describe(state)}: unexpected`);
    if (!isBehindColumn(state)) continue;
    if (was !== undefined && isBehindColumn(was)) behindBefore += 1;
    else problems.push(`${describe(state)}: next is ${state.next}, its column has reached ${state.columnMax}`);
  }
  const already = behindBefore === 0 ? '' : `; ${behindBefore} behind their columns, as they were before the fault`;
  return finding('integrity.sequences', problems.length === 0, {
    expected: `${expected.length} sequences ahead of their columns and not behind what was there`,
    actual:
      problems.length === 0
        ? `${actual.length} sequences as expected${already}`
        : `${problems.length} problems${already}`,
    evidence: evidenceOf(problems),
    recommendation:
      'Set the sequences beyond the greatest value of their columns (setval) before the application writes.',
  });
}

function keyOf({ name, column }: SequenceState): string {
  return `${name} ${column ?? ''}`;
}

function describe({ name, column }: SequenceState): string {
  return column === undefined ? name : `${name} (of ${column})`;
}

/** Whether `value` comes before `other` in the sequence's direction. */
function isBefore(value: string, other: string, { descending }: SequenceState): boolean {
  // Nothing is known of a value that is no integer: it may be before anything.
  if (![value, other].every((one) => /^-?\d+$/.test(one))) return true;
  return descending ? BigInt(value) > BigInt(other) : BigInt(value) < BigInt(other);
}

function isBehindColumn(state: SequenceState): boolean {
  if (state.columnMax === undefined) return false;
  return state.next === state.columnMax || isBefore(state.next, state.columnMax, state);
}
