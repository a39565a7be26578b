import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleRecord } from './sample-records.test-data.ts';
import { renderReports } from './render.ts';
import { writeRecord, writeReports } from './write.ts';

describe('reports in a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firedrill-reports-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

  it('are three files, the record as it is', async () => {
    await writeReports(folder, sampleRecord('passing'));
    expect((await readdir(folder)).toSorted()).toEqual(['drill.json', 'report.html', 'report.md']);
    expect(JSON.parse(await read('drill.json'))).toEqual(sampleRecord('passing'));
    expect(await read('report.md')).toMatch(/^# DR Drill Execution Report - 2026-03-02\n/);
    expect(await read('report.html')).toMatch(/^<!doctype html>/);
  });

  it('are the record and Markdown alone after a step, to the same bytes as in the end', async () => {
    await writeRecord(folder, sampleRecord('failing'));
    expect((await readdir(folder)).toSorted()).toEqual(['drill.json', 'report.md']);
    const markdown = await read('report.md');
    await writeReports(folder, sampleRecord('failing'));
    expect(await read('report.md')).toBe(markdown);
    const broken = { ...sampleRecord('failing'), durationMs: Number.NaN };
    await expect(writeRecord(folder, broken)).rejects.toThrow(/durationMs: /);
  });

  it('are rendered again from drill.json alone, to the same bytes', async () => {
    await writeReports(folder, sampleRecord('failing'));
    const before = [await read('report.md'), await read('report.html'), await read('drill.json')];
    await rm(join(folder, 'report.md'));
    await writeFile(join(folder, 'report.html'), 'spoilt');
    expect(await renderReports(folder)).toEqual(sampleRecord('failing'));
    expect([await read('report.md'), await read('report.html'), await read('drill.json')]).toEqual(before);
  });

  it('replace the ones of an earlier step, in a folder that is made', async () => {
    const inner = join(folder, 'out', 'run');
    await writeReports(inner, sampleRecord('died'));
    await writeReports(inner, sampleRecord('passing'));
    expect(await readFile(join(inner, 'report.md'), 'utf8')).toContain('Drill Status: PASS');
    expect((await readdir(inner)).length).toBe(3);
  });

  it('can be written twice at the same time, as on an interruption, and are whole', async () => {
    await Promise.all([writeReports(folder, sampleRecord('died')), writeReports(folder, sampleRecord('died'))]);
    expect(JSON.parse(await read('drill.json'))).toEqual(sampleRecord('died'));
    expect((await readdir(folder)).length).toBe(3);
  });

  it('keep the record on disk when it cannot be rendered, and say what is wrong with it', async () => {
    const record = { ...sampleRecord('passing'), durationMs: Number.NaN };
    await expect(writeReports(folder, record)).rejects.toThrow(/durationMs: .*\(.*drill\.json\)/);
    expect(JSON.parse(await read('drill.json'))).toMatchObject({ runId: record.runId, durationMs: null });
  });

  it('say what is missing in a folder without a record', async () => {
    await expect(renderReports(folder)).rejects.toThrow(
      /there is no record to render: expected a folder with the drill\.json/,
    );
  });
});
