import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './markdown.ts';
import { isRed } from '../domain/verdict.ts';
import { issuesOf } from './issues.ts';
import { sampleNames, sampleRecord } from './sample-records.test-data.ts';

const sectionTitles = [
  '1. Control block',
  '2. Summary',
  '3. Scope',
  '4. Roles',
  '5. Environment',
  '6. Recovery point per store',
  '7. Timeline',
  '8. RTO and RPO',
  '9. Integrity',
  '10. Masking',
  '11. Smoke',
  '12. Security during recovery',
  '13. Negative controls',
  '14. Clean-up proof',
  '17. Limitations',
  '19. Evidence and how to verify it',
];

describe('renderMarkdown', () => {
  it('begins with the report template of the runbook, word for word', () => {
    expect(renderMarkdown(sampleRecord('passing')).split('\n').slice(0, 18)).toEqual([
      '# DR Drill Execution Report - 2026-03-02',
      '',
      'Executive Summary:',
      '- Drill Status: PASS',
      '- Total Duration: 1 min 0.4 s',
      '- Issues Encountered: 0',
      '',
      'Metrics:',
      '- Backup Duration: 3.1 s',
      '- Restore Duration: 5.2 s',
      '- Smoke Test Results: 18/18',
      '',
      'Recommendations:',
      '1. Back up postgres more often, or archive continuously: the schedule alone allows 1,440 min of writes to be lost, the objective is 30 min.',
      '2. Edit the runbook, “Restore the database”: choose the newest backup by its manifest.',
      '',
      'Next Drill Date: 2026-06-02',
      '',
    ]);
  });

  it.each(sampleNames)('has every section for the %s sample, none of them without content', (name) => {
    const parts = renderMarkdown(sampleRecord(name)).split(/^## /m).slice(1);
    const titles = parts.map((part) => part.split('\n')[0] ?? '');
    expect(titles.filter((title) => /^\d/.test(title))).toEqual(sectionTitles);
    const hasIssues =
      sampleRecord(name).findings.some(({ verdict }) => isRed(verdict)) || sampleRecord(name).errors.length > 0;
    expect(titles[0] === 'What failed or was inconclusive').toBe(hasIssues);
    const isSettled = issuesOf(sampleRecord(name)).length > 0 && !hasIssues;
    expect(titles[0] === 'What the repair settled').toBe(isSettled);
    for (const part of parts) expect(part.split('\n').slice(1).join('').trim()).not.toBe('');
  });

  it.each([
    ['failing', 'FAIL'],
    ['inconclusive', 'INCONCLUSIVE (this is not a pass)'],
    ['interrupted', 'INCONCLUSIVE (this is not a pass)'],
    ['died', 'INCONCLUSIVE (this is not a pass)'],
  ] as const)('gives the %s sample the status %s', (name, status) => {
    expect(renderMarkdown(sampleRecord(name))).toContain(`\n- Drill Status: ${status}\n`);
  });

  it('says in an empty section which phase was not reached', () => {
    const text = renderMarkdown(sampleRecord('interrupted'));
    expect(text).toContain(
      'There is no record of a masked copy: the phase “hand-over” was not reached. The run was interrupted in the phase “restore”.',
    );
  });

  it('names every check of the record', () => {
    const record = sampleRecord('failing');
    const text = renderMarkdown(record);
    for (const { check } of record.findings) expect(text).toContain(`\`${check}\``);
  });

  it('keeps what comes from outside from becoming markup', () => {
    const record = sampleRecord('passing');
    record.services[0]!.version = '<script>alert(1)</script> | [x](javascript:alert(1))';
    record.recommendations = ['# not a heading\n\n## 99. Not a section'];
    const text = renderMarkdown(record);
    expect(text).not.toContain('<script');
    expect(text).toContain(String.raw`&lt;script>alert(1)&lt;/script> \| \[x\](javascript:alert(1))`);
    expect(text).not.toMatch(/^## 99/m);
    expect(text).toContain(String.raw`1. \# not a heading ## 99. Not a section`);
  });

  it('gives the same bytes for the same record', () => {
    expect(renderMarkdown(sampleRecord('failing'))).toBe(renderMarkdown(sampleRecord('failing')));
  });
});
