import { describe, expect, it } from 'vitest';
import type { DrillRecord } from '../domain/record.ts';
import { issuesOf } from './issues.ts';
import { sampleRecord } from './sample-records.test-data.ts';
import { summaryOf } from './summary.ts';

const answersOf = (record: DrillRecord) =>
  summaryOf(record).answers.map(({ answer, verdict }) => `${answer}: ${verdict}`);
const passingWith = (change: (record: DrillRecord) => void): DrillRecord => {
  const record = sampleRecord('passing');
  change(record);
  return record;
};

describe('summaryOf', () => {
  it('answers the four questions of a run that passed', () => {
    expect(answersOf(sampleRecord('passing'))).toEqual([
      '24 writes: pass',
      '15.6 s: pass',
      'None found: pass',
      'Caught 8 of 8: pass',
    ]);
    expect(summaryOf(sampleRecord('passing'))).toMatchObject({
      word: 'PASS',
      headline: 'The system came back within its objectives, and every check passed.',
      notices: [],
    });
  });

  it('names the first red check of a run that failed, and says when it was meant to be red', () => {
    const { headline, notices } = summaryOf(sampleRecord('failing'));
    expect(headline).toBe(
      'The drill failed. `integrity.rows`: expected 4 tables, 81,204 rows, actual 4 tables, 81,203 rows. 3 more issues below.',
    );
    expect(notices).toEqual([expect.stringContaining('“row-missing” was played on purpose')]);
    expect(answersOf(sampleRecord('failing'))).toEqual([
      '24 writes: fail',
      '15.6 s: pass',
      '3 leaks: fail',
      'Caught 7 of 8: fail',
    ]);
  });

  it('is green for nothing that was not measured', () => {
    for (const name of ['inconclusive', 'interrupted', 'died'] as const) {
      expect(answersOf(sampleRecord(name))).toEqual(Array.from({ length: 4 }, () => 'Not known: inconclusive'));
    }
  });

  it('says of a run that has no end, was interrupted or failed, how it ended', () => {
    expect(summaryOf(sampleRecord('died')).headline).toMatch(
      /^The run has no end: it still goes on, or it died in the phase “seed”\. .* not a pass\.$/,
    );
    expect(summaryOf(sampleRecord('died')).notices[0]).toContain('“Fill the system with 20,000 parcels” at 2026-03-02');
    expect(summaryOf(sampleRecord('interrupted')).headline).toMatch(
      /^The run was interrupted in the phase “restore”\. /,
    );
    const errors = [{ phase: 'hand-over' as const, code: 'internal', message: 'it broke' }];
    const failed = { ...sampleRecord('failing'), state: 'failed' as const, errors };
    expect(summaryOf(failed).headline).toMatch(
      /^The run was ended by an error in the phase “hand-over”\. The drill failed\. /,
    );
  });

  it.each(['running', 'interrupted', 'failed'] as const)('never passes a run that is %s', (state) => {
    const record = passingWith((record) => Object.assign(record, { state }));
    expect(summaryOf(record)).toMatchObject({ word: 'INCONCLUSIVE', verdict: 'inconclusive' });
    expect(summaryOf(record).template.status).toBe('INCONCLUSIVE (this is not a pass)');
    expect(summaryOf(record).answers[3]?.verdict).toBe('inconclusive');
  });

  it('keeps what a run found red before it died', () => {
    const record = { ...sampleRecord('failing'), state: 'running' as const, verdict: 'inconclusive' as const };
    expect(summaryOf(record).word).toBe('FAIL');
    expect(summaryOf(record).headline).toMatch(/^The run has no end: .* The drill failed\. `integrity\.rows`: /);
  });

  it('does not trust a scanner that did not find all canaries before masking', () => {
    const blind = passingWith(({ masking }) => Object.assign(masking!, { canariesFoundBefore: 24 }));
    expect(answersOf(blind)[2]).toBe('Not known: inconclusive');
    const unplanted = passingWith(({ masking }) =>
      Object.assign(masking!, { canariesPlanted: 0, canariesFoundBefore: 0 }),
    );
    expect(answersOf(unplanted)[2]).toBe('Not known: inconclusive');
    const found = passingWith(({ masking }) => Object.assign(masking!, { canariesFoundAfter: 1 }));
    expect(answersOf(found)[2]).toBe('1 leak: fail');
  });

  it('is red on a loss when the restored content is wrong, whatever the writes', () => {
    const record = passingWith(({ integrity }) => Object.assign(integrity[1]!, { verdict: 'fail' }));
    expect(answersOf(record)[0]).toBe('24 writes: fail');
    const gone = passingWith(({ rpo }) => {
      delete rpo[0]!.measuredMs;
    });
    expect(summaryOf(gone).answers[0]?.detail).toContain('In postgres no write from before the fault survived.');
  });

  it('asks for no personal data where the drill hands over no copy, and says that there is no backup where none is needed', () => {
    const record = passingWith((passing) => {
      passing.scope.maskedCopy = false;
      delete passing.masking;
      delete passing.backup;
      delete passing.backups;
    });
    const { answers, template } = summaryOf(record);
    expect(answers[2]).toEqual({
      question: 'Is personal data left?',
      answer: 'Not asked',
      detail: 'This drill hands over no copy of the data.',
    });
    expect(template.backupDuration).toBe('none: it recovers without a backup');
  });

  it('takes restore and backup times from what is there, and says what was not reached', () => {
    expect(summaryOf(sampleRecord('died')).template).toMatchObject({
      backupDuration: 'not reached',
      restoreDuration: 'not reached',
      smoke: '0/0',
      recommendations: ['Run the drill again to its end: this run proves nothing.'],
    });
    const phaseOnly = passingWith(({ rto }) => {
      delete rto!.restoreDurationMs;
    });
    expect(summaryOf(phaseOnly).template.restoreDuration).toBe('5.4 s');
    expect(summaryOf(passingWith((record) => (record.recommendations = []))).template.recommendations).toEqual([
      'None: this run gives no reason to change anything.',
    ]);
  });
});

describe('issuesOf', () => {
  it('lists red findings and errors, failures first, and counts nothing twice', () => {
    expect(issuesOf(sampleRecord('passing'))).toEqual([]);
    expect(issuesOf(sampleRecord('failing')).map(({ name }) => name)).toEqual([
      'integrity.rows',
      'smoke.latency',
      'masking.leaks',
      'controls',
    ]);
    expect(issuesOf(sampleRecord('inconclusive')).map(({ name, verdict }) => [name, verdict])).toEqual([
      ['fault.bites', 'inconclusive'],
      ['error in fault', 'inconclusive'],
    ]);
  });

  it('tells of a missed control and of what was left behind, where no finding does', () => {
    const record = sampleRecord('failing');
    record.findings = [];
    record.cleanUp = { verdict: 'fail', left: [{ kind: 'folder', name: 'data-1' }] };
    expect(issuesOf(record).map(({ name, evidence }) => [name, ...evidence])).toEqual([
      ['control sequence-set-back'],
      ['clean-up', 'folder data-1'],
    ]);
  });
});

describe('an issue that the repair of the runbook settled', () => {
  const settled = (): DrillRecord => sampleRecord('everything');

  it('is an issue encountered, and said to be settled', () => {
    const issues = issuesOf(settled());
    expect(issues.length).toBeGreaterThan(0);
    for (const issue of issues) expect(issue.settled).toContain('settled by the repair of the runbook');
    expect(summaryOf(settled()).template.issues).toMatch(/^\d+ \(.*settled by the repair of the runbook\)$/);
    expect(summaryOf(settled()).headline).toContain('settled by the repair of the runbook');
  });

  it('is none of its own where the repair did not settle it: the finding is', () => {
    const record = settled();
    for (const line of record.reconciliations ?? []) line.verdict = 'fail';
    expect(issuesOf(record).filter((issue) => issue.settled !== undefined)).toEqual([]);
  });
});

describe('the first page', () => {
  it('says what was proved on a stand-in, what on the real server, and whose data it was', () => {
    const record = sampleRecord('passing');
    record.services = [
      { name: 'postgres', role: 'production', implementation: 'PostgreSQL (local binary)', version: '15.18' },
      { name: 'objects', role: 'production', implementation: 'built-in stand-in for MinIO', version: '0.1.0' },
    ];
    expect(summaryOf(record).provedOn).toEqual([
      'Proved on the real server: PostgreSQL (local binary) 15.18.',
      'On built-in stand-ins: objects (for MinIO). What was seen of them is no evidence for these products.',
      'The data is synthetic: a backup of production may hold what it does not.',
    ]);
  });

  it('says which writes are lost with their part in another store', () => {
    const record = sampleRecord('passing');
    const [first] = record.rpo;
    record.rpo = [
      {
        ...first!,
        store: 'objects',
        lostWrites: 16,
        lostFrom: [
          { store: 'objects', writes: 0 },
          { store: 'postgres', writes: 16 },
        ],
      },
    ];
    const [loss] = summaryOf(record).answers;
    expect(loss).toMatchObject({ answer: '16 writes' });
    expect(loss?.detail).toContain('16 writes into objects are lost because their part in postgres is.');
  });
});
