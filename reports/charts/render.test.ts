import { describe, expect, it } from 'vitest';
import { sampleNames, sampleRecord } from '../sample-records.test-data.ts';
import { renderCharts } from './render.ts';

describe('renderCharts', () => {
  it.each(sampleNames)('draws what the %s sample has data for, without a warning', async (name) => {
    const record = sampleRecord(name);
    const charts = await renderCharts(record);
    const expected = [
      'phases',
      ...(record.rto ? ['rto', 'target'] : []),
      ...(record.smoke.length > 0 ? ['smoke'] : []),
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

  it('draws times of zero and of days', async () => {
    const record = sampleRecord('passing');
    for (const line of record.smoke) Object.assign(line, { p50Ms: 0, maxMs: 0 });
    Object.assign(record.rto!, { totalMs: 0, phases: { detect: 0, restore: 0 } });
    expect(Object.values(await renderCharts(record)).filter((chart) => 'problem' in chart)).toEqual([]);
    Object.assign(record.rto!, { totalMs: 2e9, phases: { detect: 1e9, restore: 1e9 } });
    expect(Object.values(await renderCharts(record)).filter((chart) => 'problem' in chart)).toEqual([]);
  });
});
