import { describe, expect, it } from 'vitest';
import type { DrillRecord } from '../domain/record.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { sampleRecord } from './sample-records.test-data.ts';
import { summaryOf } from './summary.ts';

const everything = (change: (record: DrillRecord) => void = () => {}): DrillRecord => {
  const record = sampleRecord('everything');
  change(record);
  return record;
};

/** What stands in a section of the Markdown. */
function sectionOf(number: number, record = everything()): string {
  return (
    renderMarkdown(record)
      .split(/^## /m)
      .find((part) => part.startsWith(`${number}. `)) ?? ''
  );
}

/** The cells of a table by its title, as text. */
function tableOf(number: number, title: string, record = everything()): string[][] {
  const [, after = ''] = sectionOf(number, record).split(`**${title}`);
  const lines = after
    .split('\n')
    .slice(2)
    .filter((line, index, all) => all.slice(0, index + 1).every((one) => one !== ''));
  return lines.filter((_line, index) => index !== 1).map((line) => line.slice(2, -2).split(' | '));
}

describe('parts of a recovery in the report', () => {
  it('the way of recovery, where a drill has several', async () => {
    for (const number of [1, 2]) expect(sectionOf(number)).toMatch(/\| Way of recovery \| `dump`/);
    expect(await renderHtml(everything())).toContain('recovered by the way “dump”');
    const one = sampleRecord('passing');
    expect(renderMarkdown(one)).not.toContain('Way of recovery');
    expect(await renderHtml(one)).not.toContain('recovered by the way');
  });

  it('the fault, where a drill has several, and that the previous run was of the same one', async () => {
    const chosen = everything((record) => Object.assign(record, { chosenFault: 'delete-data:search' }));
    for (const number of [1, 2]) expect(sectionOf(number, chosen)).toMatch(/\| Fault \| `delete-data:search`/);
    expect(sectionOf(2, chosen)).toMatch(/\| Previous run \| .* UTC, of the same fault `delete-data:search`: /);
    expect(await renderHtml(chosen)).toContain('from the fault “delete-data:search”');
    for (const number of [1, 2]) expect(sectionOf(number)).not.toMatch(/\| Fault \||of the same fault/);
  });

  it('every backup, and the skew of their set', () => {
    const [, objects, postgres, search] = tableOf(6, 'Backups that were taken: 3, of 3 stores');
    expect(objects?.[0]).toBe('objects<br>objects');
    expect(postgres).toEqual([
      'postgres<br>database dump',
      '`01J8Y2-9F3C`',
      '2026-03-02 09:00:11.600 UTC',
      '5.6 s',
      '3.1 s',
      '4.81 MB',
      '81,204 rows',
    ]);
    expect(search?.at(-1)).toBe('20,000 documents');
    expect(sectionOf(6)).toContain('| Backup of everything | `set-20260302-090011-5b1e` |');
    expect(sectionOf(6)).toMatch(
      /Skew between its members \| 1\.4 s<br>oldest: objects, .*11\.200 UTC<br>newest: search/,
    );
    const mixed = everything(({ backups }) => Object.assign(backups![2]!, { setId: 'another' }));
    expect(sectionOf(6, mixed)).toContain('| Members | all but search |');
  });

  it('says that there is no backup only where there is none of any store', () => {
    expect(sectionOf(6)).not.toContain('There is no record of a backup');
    expect(sectionOf(6, sampleRecord('died'))).toContain('There is no record of a backup');
  });

  it('the critical path of steps that ran side by side, with its share of the RTO', () => {
    expect(tableOf(7, 'Critical path')).toEqual([
      ['Step', 'Began, since the detection', 'Ended', 'Took', 'Share of the RTO'],
      ['Assess impact', '0 ms', '410 ms', '410 ms', '2.6 %'],
      ['Provision a database server and restore the newest backup', '410 ms', '8.5 s', '8.1 s', '52 %'],
      ['Reindex what changed since the dump', '8.5 s', '10.2 s', '1.6 s', '10 %'],
      ['Start the application on the new stores and switch the address', '10.2 s', '14.1 s', '3.9 s', '25 %'],
      ['together', '0 ms', '14.1 s', '14.1 s', '90 %'],
      ['before, between and after them: detection, resumption, smoke', '—', '—', '1.5 s', '9.6 %'],
    ]);
    expect(sectionOf(7)).toContain('After “Assess impact”.<br>With it the service storage is back.');
    expect(sectionOf(7, sampleRecord('passing'))).not.toMatch(/Critical path|side by side/);
  });

  it('counts from the detection also where the clock of the steps began later than the run', () => {
    const later = everything((record) => {
      for (const event of record.timeline) event.elapsedMs -= 2_500;
      for (const step of record.steps) {
        if (step.startedMs !== undefined) step.startedMs -= 2_500;
        if (step.endedMs !== undefined) step.endedMs -= 2_500;
      }
    });
    expect(tableOf(7, 'Critical path', later)).toEqual(tableOf(7, 'Critical path'));
  });

  it('says that the critical path is not known, and counts from the start where nothing was detected', () => {
    const broken = everything((record) => {
      for (const step of record.steps) delete step.critical;
      delete record.fault!.detectedAt;
    });
    expect(sectionOf(7, broken)).toContain('The critical path is not known');
    expect(sectionOf(7, broken)).toContain('since the start of the run');
  });

  it('RTO by service, and says so when it was promised and not reached', () => {
    expect(tableOf(8, 'RTO by service against its objective')).toContainEqual([
      'Object storage',
      '✔ PASS',
      '5 s',
      '1 h',
      '0.1 %',
    ]);
    const without = everything((record) => delete record.rtoByService);
    expect(sectionOf(8, without)).toContain('There is no record of the recovery time of each service');
    expect(sectionOf(8, sampleRecord('passing'))).not.toContain('service');
  });

  it('ways that were compared, the chosen one marked', () => {
    const rows = tableOf(8, 'Ways to bring the search back: 3 ways, timed in this run');
    expect(rows.slice(1).map(([way, , chosen, took]) => [way, chosen, took])).toEqual([
      ['Import of the newest dump<br>dump', 'chosen', '1.8 s'],
      ['Snapshot<br>snapshot', 'for comparison', '940 ms'],
      ['Reindex from the database<br>reindex', 'for comparison', '6.3 s'],
    ]);
    expect(sectionOf(8, sampleRecord('passing'))).not.toContain('Chosen?');
  });

  it('what was reconciled by content, at both moments, and repaired', () => {
    expect(sectionOf(9)).toContain('by content (checksum, version, time of change), not by count');
    expect(tableOf(9, 'Reconciliation as the recovery left it')[2]).toEqual([
      'search<br>parcels',
      '✘ FAIL',
      '20,000',
      '19,996',
      '19,995',
      'dangling, 1 document without its row: 20017<br>orphan, 5 rows without their document: 19996, 19997, 19998 and 2 more<br>stale, 12 documents with another content than their row: 4, 17, 203 and 9 more',
    ]);
    expect(tableOf(9, 'Repairs, as the runbook asks for them')).toHaveLength(4);
    expect(tableOf(9, 'Reconciliation after the repair')[1]).toEqual([
      'objects<br>scans',
      '✔ PASS',
      '321',
      '321',
      '321',
      'none',
    ]);
    expect(sectionOf(9, sampleRecord('passing'))).toContain('were not reconciled');
    const unchecked = everything((record) => {
      record.reconciliations = record.reconciliations!.filter(({ moment }) => moment === 'recovered');
    });
    expect(sectionOf(9, unchecked)).toContain('The repair was not checked');
  });

  it('is red on the first page for stores that differ after the repair, and not for what was repaired', () => {
    expect(summaryOf(everything()).answers[0]).toMatchObject({ verdict: 'pass' });
    const left = everything(({ reconciliations }) => Object.assign(reconciliations![3]!, { verdict: 'fail' }));
    expect(summaryOf(left).answers[0]).toMatchObject({
      verdict: 'fail',
      detail: expect.stringContaining('Rows do not agree with search parcels.'),
    });
  });

  it('requests at a fixed rate, the first one apart', () => {
    expect(tableOf(11, 'At a fixed rate: 3 of 3 probes green, 600 requests')[2]).toEqual([
      'metrics<br>200, 100 a second',
      '✔ PASS',
      '0',
      '413 ms',
      '4.9 ms',
      '23 ms',
      '61 ms',
      '88 ms',
      '2,000 ms',
      '0 %',
    ]);
    expect(sectionOf(11, sampleRecord('passing'))).toContain('No requests were sent at a fixed rate');
  });
});
