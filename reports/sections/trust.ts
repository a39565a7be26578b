import { countControls, outcomeOf } from '../../domain/control-outcome.ts';
import { whyNoControls } from '../../domain/not-done.ts';
import type { ControlRecord, DrillRecord } from '../../domain/record.ts';
import { facts, mark, verdictWords, type Block, type Section } from '../blocks.ts';
import { whyEmpty } from '../state.ts';
import { findingsOf, findingsTable } from './findings.ts';

const outcomeMarks = {
  caught: mark('pass', 'caught'),
  'not-caught': mark('fail', 'NOT caught'),
  'not-applicable': mark('not-applicable', 'not applicable'),
  inconclusive: mark('inconclusive', 'inconclusive'),
};

export function controlsSection(record: DrillRecord): Section {
  const { controls } = record;
  const { caught, applicable, notApplicable } = countControls(controls);
  const others = notApplicable === 0 ? '' : `, ${notApplicable} not applicable`;
  return {
    number: 13,
    title: 'Negative controls',
    blocks: [
      ...(controls.length === 0
        ? ([{ kind: 'empty', text: whyControlsEmpty(record) }] satisfies Block[])
        : ([
            {
              kind: 'text',
              text: `Caught ${caught} of ${applicable}${others}. Each control runs the same verification on an input that was sabotaged; it is caught when the expected check turns red, and no other does without reason.`,
            },
            {
              kind: 'table',
              title: 'Controls',
              columns: ['Sabotage', 'Caught?', 'Must turn red', 'What was seen'].map((title) => ({
                title,
              })),
              rows: controls.map((control) => [
                { lines: [control.title, control.name] },
                outcomeMarks[outcomeOf(control)],
                { lines: [control.expectedCheck, verdictWords[control.expectedVerdict]] },
                seenIn(control),
              ]),
            },
          ] satisfies Block[])),
      ...leftOutBlocks(record),
      ...findingsTable('Check of the controls', findingsOf(record, 'controls')),
    ],
  };
}

/** What a quick run owes all the same. */
function leftOutBlocks({ quick }: DrillRecord): Block[] {
  if (!quick || quick.leftOut.length === 0) return [];
  return [
    { kind: 'text', text: `This run was quick. Of its controls it played ${quick.reason}. The others are still owed.` },
    { kind: 'list', title: 'Left out: quick', items: quick.leftOut },
  ];
}

/** What a control that was caught has seen; the check itself stands beside it. */
function seenIn({ detail, expectedCheck, expectedVerdict }: ControlRecord): string {
  const check = `${expectedCheck} ${expectedVerdict}: `;
  return detail.startsWith(check) ? detail.slice(check.length) : detail;
}

/** A sabotage that is played for real leaves a damaged system, on which a control would prove nothing. */
function whyControlsEmpty(record: DrillRecord): string {
  const { sabotage } = record;
  if (sabotage === undefined) return whyEmpty(record, 'controls', 'negative controls');
  return whyNoControls(sabotage);
}

export function cleanUpSection(record: DrillRecord): Section {
  const { cleanUp } = record;
  return {
    number: 14,
    title: 'Clean-up proof',
    blocks: [
      ...(cleanUp === undefined
        ? ([{ kind: 'empty', text: whyEmpty(record, 'clean-up', 'a clean-up') }] satisfies Block[])
        : ([
            facts({
              'Clean-up': mark(
                cleanUp.verdict,
                cleanUp.left.length === 0 ? 'nothing left' : `${cleanUp.left.length} left`,
              ),
            }),
            ...(cleanUp.left.length === 0
              ? []
              : ([
                  {
                    kind: 'table',
                    title: 'What was still there',
                    columns: [{ title: 'Kind' }, { title: 'Name' }],
                    rows: cleanUp.left.map(({ kind, name }) => [kind, { code: name }]),
                  },
                ] satisfies Block[])),
          ] satisfies Block[])),
      ...findingsTable('Check of the clean-up', findingsOf(record, 'clean-up')),
    ],
  };
}

export function limitationsSection({ limitations }: DrillRecord): Section {
  return {
    number: 17,
    title: 'Limitations',
    blocks: [
      limitations.length === 0
        ? { kind: 'empty', text: 'The record names no limitations.' }
        : { kind: 'list', items: limitations },
      {
        kind: 'text',
        text: 'Sections 15, 16, 18 and 20 of an evidence report (actions with owners, lessons, control matrix, sign-off) are not part of this report.',
      },
    ],
  };
}
