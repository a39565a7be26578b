import { isHeldUpFinding } from '../../checks/own-delay.ts';
import { countControls, outcomeOf, straysOf } from '../../domain/control-outcome.ts';
import { messageOf } from '../../domain/drill-error.ts';
import { finding, type Finding } from '../../domain/finding.ts';
import { whyNoControls } from '../../domain/not-done.ts';
import type { ControlRecord, DrillRecord } from '../../domain/record.ts';
import { isRed } from '../../domain/verdict.ts';
import type { DrillContext } from '../context.ts';
import { isNothingToDamage } from '../controls/damaging.ts';
import type { Control, DrillStep } from '../definition.ts';

/** Runs the verification again on sabotaged inputs: each must turn the expected check red, or the drill is not to be trusted. */
export const runControls: DrillStep = {
  name: 'controls',
  title: 'Negative controls: the verification must turn red on every sabotaged input',
  phase: 'controls',
  async execute(context) {
    const { record, definition, options } = context;
    if (options.sabotage !== undefined) {
      const why = whyNoControls(options.sabotage);
      record.limitations.push(why);
      context.progress().info(why);
      return;
    }
    for (const control of definition.controls) {
      context.signal.throwIfAborted();
      const played = await playControl(context, control);
      record.controls.push(played);
      context.progress().info(`${control.name}: ${told(played)}`);
    }
    context.judge([judgeControls(record, definition.controls, await leftBehind(context))]);
  },
};

/** Plays one control; an error in it is an outcome, since the others must be played all the same. */
async function playControl(context: DrillContext, control: Control): Promise<ControlRecord> {
  const { findings } = context.record;
  const already = findings.find(({ check, verdict }) => check === control.expectedCheck && isRed(verdict));
  if (already) return notApplicable(control, `${already.check} is red in the drill itself: ${already.actual}`);
  try {
    return judgeControl(control, await control.verify(context), findings);
  } catch (error) {
    context.signal.throwIfAborted();
    const red = findings.find(({ verdict }) => isRed(verdict));
    if (red) return notApplicable(control, `${red.check} is red in the drill itself, and so ${messageOf(error)}`);
    // Where the check had something to look at and passed, there was something to damage.
    const hasPassed = findings.some(({ check, verdict }) => check === control.expectedCheck && verdict === 'pass');
    if (isNothingToDamage(error) && !hasPassed) return notApplicable(control, messageOf(error));
    return { ...described(control), caught: false, red: [], detail: `it ended with an error: ${messageOf(error)}` };
  }
}

/**
 * A control is caught when the expected check is red, as red as expected, and nothing but it and its known companions.
 * What is red `without` it, in the drill itself, is not counted against it.
 */
export function judgeControl(
  control: Control,
  findings: readonly Finding[],
  without: readonly Finding[] = [],
): ControlRecord {
  const { expectedCheck } = control;
  // What a busy machine leaves open is not red for the damage.
  const heldUp = findings.filter(isHeldUpFinding);
  const red = findings.filter((each) => isRed(each.verdict) && !isRedIn(without, each.check) && !heldUp.includes(each));
  const open = heldUp.find(({ check }) => check === expectedCheck);
  const whyOpen = open && (open.evidence?.join('; ') ?? open.actual);
  const expected = red.find(({ check }) => check === expectedCheck);
  const caughtBy = (expected ?? red[0])?.check;
  const detail = expected
    ? `${expected.check} ${expected.verdict}: expected ${expected.expected}, actual ${expected.actual}`
    : `${expectedCheck} did not turn red${caughtBy ? `, ${caughtBy} did` : ''}`;
  const played: ControlRecord = {
    ...described(control),
    ...(caughtBy !== undefined && { caughtBy }),
    ...(whyOpen !== undefined && { inconclusive: whyOpen }),
    caught: false,
    detail: whyOpen === undefined ? detail : `${expectedCheck} could not judge it: ${whyOpen}`,
    red: red.map(({ check, verdict, expected, actual }) => ({ check, verdict, expected, actual })),
  };
  const strays = straysOf(played);
  return {
    ...played,
    caught: outcomeOf(played) === 'caught',
    detail:
      strays.length > 0 && (expected || open) ? `${played.detail}; also red: ${strays.join(', ')}` : played.detail,
  };
}

/** `controls`: every control that the drill declares was played, each that applied was caught, and none left its damage. */
export function judgeControls(
  { controls }: Pick<DrillRecord, 'controls'>,
  planned: readonly Pick<Control, 'name'>[],
  left: readonly string[],
): Finding {
  const { caught, applicable, notApplicable: others, inconclusive, missed } = countControls(controls);
  const played = new Set(controls.map(({ name }) => name));
  const unplayed = planned.filter(({ name }) => !played.has(name));
  const wanted = applicable + unplayed.length;
  const rest = others === 0 ? '' : `, ${others} not applicable`;
  return finding('controls', wanted > 0 && caught === wanted && left.length === 0, {
    expected: `caught ${wanted} of ${wanted}${rest}`,
    actual: `caught ${caught} of ${wanted}${rest}${left.length > 0 ? ', and their damage is left' : ''}`,
    evidence: [
      ...[...missed, ...inconclusive].map(({ name, detail }) => `${name}: ${detail}`),
      ...unplayed.map(({ name }) => `${name}: not played`),
      ...left,
    ],
    recommendation: 'Do not trust this drill before each of its controls is caught by the check it is meant for.',
    otherwise: missed.length + unplayed.length + left.length === 0 ? 'inconclusive' : 'fail',
  });
}

/** What the verifications that controls went through find when no control is on: each must have taken its damage back. */
async function leftBehind(context: DrillContext): Promise<string[]> {
  const left: string[] = [];
  for (const verification of new Set(context.definition.controls.flatMap(({ undamaged }) => undamaged ?? []))) {
    context.signal.throwIfAborted();
    const findings = await verification(context).catch((error: unknown) => {
      if (isRedAtAll(context.record)) return [];
      throw error;
    });
    const red = findings.filter(({ check, verdict }) => isRed(verdict) && !isRedIn(context.record.findings, check));
    left.push(...red.map(({ check, actual }) => `left behind by a control: ${check}, ${actual}`));
  }
  return left;
}

function notApplicable(control: Control, reason: string): ControlRecord {
  return { ...described(control), caught: false, detail: reason, notApplicable: reason };
}

function described({ name, title, expectedCheck, expectedVerdict, alsoRed }: Control) {
  return { name, title, expectedCheck, expectedVerdict, ...(alsoRed && { alsoRed: [...alsoRed] }) };
}

function told(played: ControlRecord): string {
  const outcome = outcomeOf(played);
  if (outcome === 'caught') return `caught by ${played.expectedCheck}`;
  return `${outcome === 'not-caught' ? 'NOT caught' : outcome.replace('-', ' ')}, ${played.detail}`;
}

function isRedIn(findings: readonly Finding[], name: string): boolean {
  return findings.some(({ check, verdict }) => check === name && isRed(verdict));
}

function isRedAtAll({ findings }: DrillRecord): boolean {
  return findings.some(({ verdict }) => isRed(verdict));
}
