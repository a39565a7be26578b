import { quickWords } from '../domain/quick.ts';
import type { Finding } from '../domain/finding.ts';
import type { LedgerRun } from '../domain/ledger.ts';
import type { DrillRecord } from '../domain/record.ts';
import type { ApplicableVerdict } from '../domain/verdict.ts';

/** A file by its name and sha256, as in-toto names subjects and configurations (ResourceDescriptor). */
export interface ResourceDescriptor {
  name: string;
  digest: { sha256: string };
  annotations?: Record<string, string | number>;
}

/** Statement v1 of in-toto with the predicate test-result v0.1. */
export interface TestResultStatement {
  _type: 'https://in-toto.io/Statement/v1';
  subject: ResourceDescriptor[];
  predicateType: 'https://in-toto.io/attestation/test-result/v0.1';
  predicate: {
    result: 'PASSED' | 'FAILED';
    configuration: ResourceDescriptor[];
    passedTests: string[];
    warnedTests: string[];
    failedTests: string[];
  };
}

/**
 * States the result of a run over its report and manifest. `WARNED` is not used: the predicate means by it "passed,
 * with warnings", and an inconclusive drill has passed nothing, so it is stated as failed; so is a quick one. A run without a record, one
 * that was aborted, names no tests.
 */
export function testResultStatement(
  run: LedgerRun,
  { verdict, subject, record }: { verdict: ApplicableVerdict; subject: ResourceDescriptor[]; record?: DrillRecord },
): TestResultStatement {
  const findings = record?.findings ?? [];
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: verdict === 'pass' && !record?.quick ? 'PASSED' : 'FAILED',
      configuration: [
        {
          name: `runbook ${run.runbook.name}`,
          digest: { sha256: run.runbook.sha256 },
          annotations: {
            version: run.runbook.version,
            scenario: run.scenario,
            drill: run.drill,
            engine: run.engine,
            number: run.number,
            verdict,
            ...(record?.quick && { quick: quickWords }),
          },
        },
      ],
      passedTests: namesOf(findings, 'pass'),
      warnedTests: [],
      failedTests: [...namesOf(findings, 'inconclusive'), ...namesOf(findings, 'fail')].toSorted(),
    },
  };
}

/** Names of the checks with this verdict, each once, a check that was red once never among the green ones. */
function namesOf(findings: readonly Finding[], verdict: ApplicableVerdict): string[] {
  const named = new Set(findings.filter((finding) => finding.verdict === verdict).map(({ check }) => check));
  const worse = verdict === 'pass' ? ['inconclusive', 'fail'] : verdict === 'inconclusive' ? ['fail'] : [];
  for (const finding of findings) if (worse.includes(finding.verdict)) named.delete(finding.check);
  return [...named].toSorted();
}
