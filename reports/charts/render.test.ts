import { describe, expect, it } from 'vitest';
import { sampleNames, sampleRecord } from '../sample-records.test-data.ts';
import { renderCharts } from './render.ts';

describe('renderCharts', () => {
  it.each(sampleNames)('draws what the %s sample has data for, without a warning', async (name) => {
    const record = sampleRecord(name);
    const charts = await renderCharts(record);
    const expected = [
      'phases',
      ...(record.steps.some(({ after }) => after) ? ['tracks'] : []),
      ...(record.rto ? ['rto', 'target'] : []),
      ...(record.rtoByService ? ['services'] : []),
      ...(record.comparison ? ['ways'] : []),
      ...(record.fault && record.rpo.some(({ markers }) => markers) ? ['markers'] : []),
      ...(record.previous ? ['previous'] : []),
      ...(record.smoke.length > 0 ? ['smoke'] : []),
      ...(record.sustained ? ['sustained'] : []),
    ];
    expect(Object.keys(charts)).toEqual(expected);
    for (const chart of Object.values(charts)) {
      expect(chart).not.toHaveProperty('problem');
      expect(chart).toEqual({ wide: expect.stringMatching(/^<svg /), narrow: expect.stringMatching(/^<svg /) });
    }
  });

  it('marks a latency over the limit by sign and word, and shows the limit', async () => {
    const { smoke } = await renderCharts(sampleRecord('failing'));
    expect(smoke).toMatchObject({ wide: expect.stringMatching(/limit 2 s[^]*✘ 2,512 ms|✘ 2,512 ms[^]*limit 2 s/) });
  });

  it('draws a target that was missed, and limits that differ', async () => {
    const record = sampleRecord('passing');
    Object.assign(record.rto!, { totalMs: 15_580, targetMs: 10_000 });
    record.smoke[0]!.limitMs = 500;
    const charts = await renderCharts(record);
    expect(charts.target).toMatchObject({ wide: expect.stringContaining('156 % of the target used') });
    expect(charts.smoke).not.toHaveProperty('problem');
  });

  it('marks the critical path, a failed step, the chosen way and a missed objective by words', async () => {
    const record = sampleRecord('everything');
    Object.assign(record.steps[2]!, { status: 'failed' });
    Object.assign(record.rtoByService![0]!, { totalMs: 9_000_000, verdict: 'fail' });
    const { tracks, services, ways } = await renderCharts(record);
    expect(tracks).toMatchObject({ wide: expect.stringContaining('8.1 s · critical') });
    expect(tracks).toMatchObject({ narrow: expect.stringContaining('4.6 s · ✘ failed') });
    expect(tracks).toMatchObject({ wide: expect.not.stringMatching(/4\.6 s[^<]*critical/) });
    expect(ways).toMatchObject({ wide: expect.stringContaining('1.8 s · chosen') });
    expect(services).toMatchObject({ wide: expect.stringContaining('✘ 2 h 30 min · 125 %') });
  });

  it('marks a p99 over the limit by sign and word, and draws limits that differ', async () => {
    const record = sampleRecord('everything');
    Object.assign(record.sustained![1]!, { p99Ms: 2_004, limitMs: 1_000 });
    const { sustained } = await renderCharts(record);
    expect(sustained).toMatchObject({ wide: expect.stringContaining('✘ 2,004 ms') });
  });

  it('draws times of zero and of days', async () => {
    const record = sampleRecord('passing');
    for (const line of record.smoke) Object.assign(line, { p50Ms: 0, maxMs: 0 });
    Object.assign(record.rto!, { totalMs: 0, phases: { detect: 0, restore: 0 } });
    expect(Object.values(await renderCharts(record)).filter((chart) => 'problem' in chart)).toEqual([]);
    const side = sampleRecord('everything');
    for (const step of side.steps) Object.assign(step, { startedMs: 0, endedMs: 0 });
    for (const line of [...side.rtoByService!, ...side.comparison!.ways])
      Object.assign(line, { totalMs: 0, durationMs: 0 });
    for (const line of side.sustained!) Object.assign(line, { p50Ms: 0, p95Ms: 0, p99Ms: 0 });
    expect(Object.values(await renderCharts(side)).filter((chart) => 'problem' in chart)).toEqual([]);
    Object.assign(record.rto!, { totalMs: 2e9, phases: { detect: 1e9, restore: 1e9 } });
    expect(Object.values(await renderCharts(record)).filter((chart) => 'problem' in chart)).toEqual([]);
  });
});
