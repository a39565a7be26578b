import { quickWords } from '../domain/quick.ts';
import type { Finding } from '../domain/finding.ts';
import type { DrillRecord } from '../domain/record.ts';
import { provedOn } from '../domain/proved-on.ts';
import { standInsOf, storeOfCheck } from '../domain/stand-in.ts';
import { mergeVerdicts } from '../domain/verdict.ts';
import { drilledControls, type DrilledControl } from './oscal-controls.ts';
import type { AssessmentResults, OscalFinding, Observation } from './oscal-types.ts';
import { uuidOf } from './uuid.ts';

/** The schema that the tests validate against. */
const oscalVersion = '1.2.3';
/** Namespace of our own properties (OSCAL asks for one beside NIST's). */
const namespace = 'urn:firedrill:oscal';

/**
 * The record as OSCAL assessment results: an observation a finding of the drill, a finding a control of NIST SP 800-53
 * that they bear on. A control is satisfied only when something was observed for it and all of it is green. All UUIDs
 * follow from the run's id, so the same record gives the same document.
 */
export function assessmentResults(record: DrillRecord): AssessmentResults {
  const id = (name: string): string => uuidOf(`firedrill:oscal:${record.runId}:${name}`);
  const collected = record.finishedAt ?? record.startedAt;
  const observations = record.findings.map((finding, index) =>
    observationOf(finding, id(`observation ${index}`), collected),
  );
  const planId = id('plan');
  const { runbook } = record;
  return {
    'assessment-results': {
      uuid: id('document'),
      metadata: {
        title: `Disaster-recovery drill ${record.drill}: ${record.scope.system}`,
        'last-modified': collected,
        version: record.runId,
        'oscal-version': oscalVersion,
        props: properties({
          verdict: record.verdict,
          sequence: record.sequence,
          'retain-until': record.retainUntil,
          quick: record.quick && 'true',
        }),
      },
      'import-ap': { href: `#${planId}`, remarks: 'The plan is the runbook that was rehearsed.' },
      results: [
        {
          uuid: id('result'),
          title: `${record.scope.scenario}: ${record.verdict}${record.quick ? ' (quick: no evidence)' : ''}`,
          description: `The runbook ${runbook.title} ${runbook.version} was rehearsed on ${record.engine}; the run is ${record.state}.`,
          start: record.startedAt,
          ...(record.finishedAt !== undefined && { end: record.finishedAt }),
          'reviewed-controls': {
            description: 'Controls of NIST SP 800-53 Rev. 5 that a restore drill bears on.',
            'control-selections': [
              { 'include-controls': drilledControls.map(({ controlId }) => ({ 'control-id': controlId })) },
            ],
          },
          // OSCAL has no empty lists: a member that would be one is left out.
          ...(observations.length > 0 && { observations }),
          findings: drilledControls.map((control) => findingOf(control, record, { id, observations })),
          remarks: [
            ...(record.quick ? [`This was ${quickWords}.`] : []),
            'People, communication and sign-off are not observed by the drill.',
            ...provedOn(record),
          ].join(' '),
        },
      ],
      'back-matter': {
        resources: [
          {
            uuid: planId,
            title: `${runbook.title} ${runbook.version}`,
            rlinks: [{ href: runbook.file, hashes: [{ algorithm: 'SHA-256', value: runbook.sha256 }] }],
          },
        ],
      },
    },
  };
}

function observationOf({ check, verdict, expected, actual }: Finding, uuid: string, collected: string): Observation {
  return {
    uuid,
    title: check,
    description: `Expected ${expected}, actual ${actual}.`,
    props: properties({ check, verdict }),
    methods: ['TEST'],
    collected,
  };
}

function findingOf(
  { controlId, title, bearsOn }: DrilledControl,
  record: DrillRecord,
  { id, observations }: { id: (name: string) => string; observations: readonly Observation[] },
): OscalFinding {
  const { findings, verdict } = record;
  const related = findings.flatMap((finding, index) => {
    const observation = observations[index];
    return observation && bearsOn(finding.check) ? [{ finding, observation }] : [];
  });
  const isOnStandIn = onStandIn(record);
  const applicable = related.filter(({ finding }) => finding.verdict !== 'not-applicable');
  const notApplicable = related.length - applicable.length;
  // A stand-in that fails shows a failure; one that does not shows nothing of the product.
  const counted = applicable.filter(({ finding }) => finding.verdict !== 'pass' || !isOnStandIn(finding.check));
  const onStandIns = applicable.length - counted.length;
  // The control that asks for the test as a whole is judged by the whole.
  const judged = mergeVerdicts([
    ...counted.map(({ finding }) => finding.verdict),
    ...(controlId === 'cp-4' && counted.length > 0 ? [verdict] : []),
    // Green, it satisfies nothing.
    ...(record.quick ? (['inconclusive'] as const) : []),
  ]);
  const isSatisfied = judged === 'pass';
  return {
    uuid: id(`finding ${controlId}`),
    title,
    description:
      counted.length === 0 && onStandIns === 0
        ? 'Nothing was observed for this control in this run.'
        : `${[
            `${counted.length} observations, together ${judged}`,
            ...(onStandIns > 0 ? [`${onStandIns} more were made on built-in stand-ins and count for nothing`] : []),
            ...(notApplicable > 0 ? [`${notApplicable} more do not apply to this system`] : []),
          ].join('; ')}.`,
    target: {
      type: 'objective-id',
      'target-id': `${controlId}_obj`,
      status: {
        state: isSatisfied ? 'satisfied' : 'not-satisfied',
        reason: isSatisfied ? 'pass' : judged === 'fail' ? 'fail' : 'other',
      },
    },
    ...(related.length > 0 && {
      'related-observations': related.map(({ observation }) => ({ 'observation-uuid': observation.uuid })),
    }),
  };
}

/**
 * Whether what a check has seen was on a stand-in: the store that it names, or, where it names none, every store that was
 * brought back.
 */
function onStandIn({ services, recoveryPoints = [] }: DrillRecord): (check: string) => boolean {
  const stores = new Set(standInsOf(services).map(({ store }) => store));
  const restored = recoveryPoints.filter(({ source }) => source !== 'survived');
  const isAllOnStandIns = restored.length > 0 && restored.every(({ store }) => stores.has(store));
  return (check) => {
    const store = storeOfCheck(check);
    return store === undefined ? isAllOnStandIns : stores.has(store);
  };
}

function properties(
  values: Record<string, string | number | undefined>,
): { name: string; ns: string; value: string }[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, ns: namespace, value: String(value) }],
  );
}
