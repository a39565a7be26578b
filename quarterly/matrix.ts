import { mergeVerdicts, type ApplicableVerdict } from '../domain/verdict.ts';
import type { MatrixLine, QuarterlyReport, ReportedRun } from './report.ts';
import { isFollowed } from './weakness-words.ts';

type Kind = 'restore' | 'objectives' | 'masking' | 'programme' | 'security' | 'checks' | 'ledger';

interface Evidence {
  verdict: ApplicableVerdict;
  text: string;
}

interface MappedControl extends Pick<MatrixLine, 'controls' | 'shows' | 'cadence' | 'notByMachine'> {
  kinds: readonly Kind[];
}

/** Ids with short paraphrases only: the wording is in the standards, and the mapping is for its reader to confirm. */
const mapped: readonly MappedControl[] = [
  {
    controls: 'SOC 2 A1.2, A1.3, CC7.5, CC9.1',
    shows: 'backups kept and encrypted; recovery tested for integrity and completeness; verified before return',
    cadence: 'auditors expect yearly',
    kinds: ['restore', 'checks', 'programme'],
    notByMachine: 'review by the management, treatment of risks',
  },
  {
    controls: 'ISO 27001:2022 A.5.29, A.5.30, A.8.11, A.8.13, A.8.33',
    shows:
      'security kept during disruption; readiness tested against objectives; masking; restore tests; no live personal data in tests',
    cadence: 'planned intervals',
    kinds: ['restore', 'objectives', 'masking', 'security', 'programme'],
    notByMachine: 'the plan for continuity itself, training of people',
  },
  {
    controls: 'ISO 22301 8.5, 8.6',
    shows: 'an exercise programme; a report with outcomes and actions',
    cadence: 'planned and on change',
    kinds: ['programme', 'checks'],
    notByMachine: 'exercises of people and communication, review after an exercise',
  },
  {
    controls: 'NIST SP 800-53r5 CP-4, CP-9(1)(2), CP-10(2)(4)',
    shows: 'contingency plan tested; backups reliable; sampled restore; recovery within time',
    cadence: 'set by the organisation',
    kinds: ['restore', 'objectives', 'programme'],
    notByMachine: 'review of the results by people, alternate sites',
  },
  {
    controls: 'NIST CSF 2.0 RC.RP-03, RC.RP-05, RC.RP-06, PR.DS-11',
    shows: 'backups verified before use; restored assets verified; end declared; backups tested',
    cadence: 'yearly in the example',
    kinds: ['restore', 'checks'],
    notByMachine: 'who declares the end of a real incident',
  },
  {
    controls: 'HIPAA 164.308(a)(7)(ii)(A)(B)(D)',
    shows: 'copies, restore, testing and revision',
    cadence: 'periodic',
    kinds: ['restore', 'programme'],
    notByMachine: 'emergency mode of operation, revision of the plan by people',
  },
  {
    controls: 'PCI DSS 4.0.1 6.5.5, 12.10.1, 12.10.2',
    shows: 'no live card numbers in pre-production; recovery is part of the plan and tested',
    cadence: '12 months',
    kinds: ['masking', 'restore'],
    notByMachine: 'the incident response plan, contacts of the payment brands',
  },
  {
    controls: 'GDPR Art. 32(1)(c)(d), 5(1)(f)',
    shows: 'timely restore, tested regularly',
    cadence: 'regular',
    kinds: ['restore', 'objectives', 'masking', 'programme'],
    notByMachine: 'whether the measures are appropriate to the risk',
  },
  {
    controls: 'DORA Art. 11(6), 12',
    shows: 'tests, a segregated system to restore into, reconciliations',
    cadence: 'yearly',
    kinds: ['restore', 'checks', 'programme'],
    notByMachine: 'scenarios of third parties, reports to the management body',
  },
  {
    controls: 'NIS2 21(2)(c), CIR 2024/2690 4.2',
    shows: 'integrity checks, documented recovery tests',
    cadence: 'planned',
    kinds: ['restore', 'checks', 'ledger', 'programme'],
    notByMachine: 'crisis management',
  },
  {
    controls: 'CIS 11.5',
    shows: 'sampled restore',
    cadence: 'quarterly',
    kinds: ['restore'],
    notByMachine: 'whether the sample stands for all assets in scope',
  },
];

type Ground = Pick<
  QuarterlyReport,
  'notBegun' | 'plan' | 'runs' | 'restores' | 'rto' | 'rpo' | 'masking' | 'controls' | 'ledger'
> & {
  /** Runs that have reset credentials or cleared sessions after the restore. */
  secured: number[];
};

/** The controls that drills bear on, each with what this period shows of it and what no machine can show. */
export function matrixOf(ground: Ground): MatrixLine[] {
  if (ground.notBegun) {
    const evidence = 'not begun: the ledger has no run from before the end of the period';
    return mapped.map(({ controls, shows, cadence, notByMachine }) => ({
      controls,
      shows,
      cadence,
      notByMachine,
      verdict: 'not-applicable',
      evidence,
    }));
  }
  const evidence: Record<Kind, Evidence> = {
    restore: restoreEvidence(ground),
    objectives: objectivesEvidence(ground),
    masking: maskingEvidence(ground),
    programme: programmeEvidence(ground),
    security: securityEvidence(ground),
    checks: checksEvidence(ground),
    ledger: ledgerEvidence(ground),
  };
  return mapped.map(({ kinds, ...control }) => ({
    ...control,
    verdict: mergeVerdicts(kinds.map((kind) => evidence[kind].verdict)),
    evidence: kinds.map((kind) => evidence[kind].text).join('; '),
  }));
}

function restoreEvidence({ restores, runs }: Ground): Evidence {
  const restored = restores.filter(({ inPeriod }) => inPeriod).map(({ store, last }) => `${store} in run ${last?.run}`);
  if (restores.length === 0) return { verdict: 'inconclusive', text: 'no store is known that could be restored' };
  if (restored.length === restores.length) return { verdict: 'pass', text: `restored: ${restored.join(', ')}` };
  const failed = runs.some(({ outcome }) => outcome === 'failed') && restored.length === 0;
  const missing = restores.filter(({ inPeriod }) => !inPeriod).map(({ store }) => store);
  return {
    verdict: failed ? 'fail' : 'inconclusive',
    text: `no good restore of ${missing.join(', ')}${restored.length > 0 ? `; restored: ${restored.join(', ')}` : ''}${standInText(restores)}`,
  };
}

/** Stores that only stand-ins show something about; nothing of it counts. */
function onStandInsAlone(restores: Ground['restores']): string[] {
  return restores
    .filter(({ inPeriod, onStandIn }) => !inPeriod && onStandIn?.inPeriod === true)
    .map(({ store, onStandIn }) => `${store} (for ${onStandIn?.product}, run ${onStandIn?.run})`);
}

function standInText(restores: Ground['restores']): string {
  const alone = onStandInsAlone(restores);
  return alone.length === 0 ? '' : `; on built-in stand-ins alone, which is no evidence: ${alone.join(', ')}`;
}

function objectivesEvidence({ rto, rpo, restores }: Ground): Evidence {
  const months = [...rto, ...rpo].flatMap((trend) => trend.months);
  const missed = months.reduce((sum, month) => sum + month.missed, 0);
  if (months.length === 0) return { verdict: 'inconclusive', text: 'no RTO or RPO was measured' };
  if ([...rto, ...rpo].some(({ missedLast }) => missedLast)) {
    return { verdict: 'fail', text: `objectives missed in ${missed} measurements, the last of a drill among them` };
  }
  if (missed > 0) {
    return { verdict: 'inconclusive', text: `objectives missed in ${missed} measurements, met again since` };
  }
  return {
    verdict: onStandInsAlone(restores).length === 0 ? 'pass' : 'inconclusive',
    text: `every measured RTO and RPO within its objective${standInText(restores)}`,
  };
}

function maskingEvidence({ runs, masking: { lines, notMeasured } }: Ground): Evidence {
  if (lines.length === 0) return { verdict: 'inconclusive', text: 'no masked copy was scanned' };
  const verdict = mergeVerdicts([
    ...lines.map((line) => (line.verdict === 'fail' ? answered(line.run, runs) : line.verdict)),
    ...notMeasured.map(() => 'inconclusive' as const),
  ]);
  const after = lines.reduce((sum, { canariesFoundAfter, leaks }) => sum + Math.max(canariesFoundAfter, leaks), 0);
  return { verdict, text: `${lines.length} masked copies scanned, ${after} leaks` };
}

/** What a run that speaks against a control weighs: less where a later run of the same drill was green. */
function answered(number: number, runs: readonly ReportedRun[]): ApplicableVerdict {
  const run = runs.find((one) => one.number === number);
  return run && isFollowed(run, runs, ['green']) ? 'inconclusive' : 'fail';
}

function programmeEvidence({ plan: { planned, performed } }: Ground): Evidence {
  const verdict = planned > 0 && planned === performed ? 'pass' : 'inconclusive';
  return { verdict, text: `${performed} of ${planned} planned drills held` };
}

function securityEvidence({ secured }: Ground): Evidence {
  if (secured.length === 0) return { verdict: 'inconclusive', text: 'no run records credentials or sessions reset' };
  return { verdict: 'pass', text: `credentials reset or sessions cleared in ${secured.length} runs` };
}

function checksEvidence({ runs, controls: { planned, caught, missed } }: Ground): Evidence {
  if (planned === 0) return { verdict: 'inconclusive', text: 'no negative control was played' };
  const verdict = mergeVerdicts(['pass', ...missed.map(({ run }) => answered(run, runs))]);
  return { verdict, text: `${caught} of ${planned} negative controls caught` };
}

function ledgerEvidence({ ledger: { verifies } }: Ground): Evidence {
  return verifies
    ? { verdict: 'pass', text: 'the ledger verifies' }
    : { verdict: 'fail', text: 'the ledger does not verify' };
}
