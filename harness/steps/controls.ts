import { finding, type Finding } from '../../domain/finding.ts';
import { whyNoControls } from '../../domain/not-done.ts';
import type { ControlRecord } from '../../domain/record.ts';
import { isRed } from '../../domain/verdict.ts';
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
      const outcome = judgeControl(control, await control.verify(context));
      record.controls.push(outcome);
      const by = outcome.caughtBy === undefined ? '' : ` by ${outcome.caughtBy}`;
      context.progress().info(`${control.name}: ${outcome.caught ? `caught${by}` : `NOT caught, ${outcome.detail}`}`);
    }
    const caught = record.controls.filter((control) => control.caught).length;
    const planned = definition.controls.length;
    context.judge([
      finding('controls', planned > 0 && caught === planned, {
        expected: `caught ${planned} of ${planned}`,
        actual: `caught ${caught} of ${planned}`,
        evidence: record.controls.filter((control) => !control.caught).map(({ name, detail }) => `${name}: ${detail}`),
        recommendation: 'Do not trust this drill before each of its controls is caught by the check it is meant for.',
      }),
    ]);
  },
};

/** A control is caught when the expected check is red, as red as expected, and nothing but it and its known companions. */
export function judgeControl(control: Control, findings: readonly Finding[]): ControlRecord {
  const { name, title, expectedCheck, expectedVerdict, alsoRed = [] } = control;
  const red = findings.filter(({ verdict }) => isRed(verdict));
  const expected = red.find(({ check }) => check === expectedCheck);
  const strays = red.filter(({ check }) => check !== expectedCheck && !alsoRed.includes(check));
  const caughtBy = (expected ?? red[0])?.check;
  const detail = expected
    ? `${expected.check} ${expected.verdict}: expected ${expected.expected}, actual ${expected.actual}`
    : `${expectedCheck} did not turn red${caughtBy ? `, ${caughtBy} did` : ''}`;
  return {
    name,
    title,
    expectedCheck,
    expectedVerdict,
    ...(caughtBy !== undefined && { caughtBy }),
    caught: expected?.verdict === expectedVerdict && strays.length === 0,
    detail: strays.length > 0 ? `${detail}; also red: ${strays.map(({ check }) => check).join(', ')}` : detail,
  };
}
