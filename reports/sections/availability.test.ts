import { describe, expect, test } from 'vitest';
import type { AvailabilityRecord } from '../../domain/availability.ts';
import type { DrillRecord } from '../../domain/record.ts';
import { renderCharts } from '../charts/render.ts';
import { renderMarkdown } from '../markdown.ts';
import { parseRecord } from '../parse-record.ts';
import { sampleRecord } from '../sample-records.test-data.ts';
import { availabilityBlocks } from './availability.ts';

const availability: AvailabilityRecord = {
  perSecond: 20,
  probes: ['page', 'write'],
  bucketMs: 1_000,
  outageLimitMs: 300_000,
  errorShareLimit: 0.05,
  buckets: [
    { atMs: 0, requests: 20, failed: 0, p50Ms: 4, p95Ms: 9 },
    { atMs: 1_000, requests: 20, failed: 5, p50Ms: 12, p95Ms: 1_040 },
    { atMs: 2_000, requests: 0, failed: 0 },
    { atMs: 3_000, requests: 20, failed: 0, p50Ms: 0.4, p95Ms: 8 },
  ],
  events: [
    { atMs: 1_100, kind: 'fault', text: 'one is killed' },
    { atMs: 1_150, kind: 'detected', text: 'seen' },
    { atMs: 1_400, kind: 'failed-over', text: 'over' },
    { atMs: 3_200, kind: 'restored', text: 'one is back' },
  ],
  switches: [
    {
      fault: 'one is killed',
      server: 'one',
      faultAtMs: 1_100,
      failedOverAfterMs: 300,
      budgetMs: 300_000,
      restoredAfterMs: 2_100,
      requests: 40,
      failed: 5,
      failures: { '502': 4, 'no answer': 1 },
      outageMs: 1_000,
      verdict: 'pass',
    },
  ],
};
const recordWith = (changed: Partial<AvailabilityRecord> = {}): DrillRecord => ({
  ...sampleRecord('passing'),
  availability: { ...availability, ...changed },
});

describe('what clients saw', () => {
  test('is in the record, in the charts and in the report', async () => {
    const record = recordWith();
    expect(parseRecord(JSON.stringify(record), 'drill.json')).toEqual(record);
    const { availability: errors, latency } = await renderCharts(record);
    for (const chart of [errors, latency])
      expect(chart).toMatchObject({ wide: expect.stringMatching(/fault[^]*back/) });
    expect(errors).toMatchObject({ narrow: expect.stringContaining('limit 5 %') });
    const text = renderMarkdown(record);
    expect(text).toContain('60 requests at 20 a second');
    expect(text).toContain('5 of 40');
    expect(text).toMatch(/25 %.*1,040 ms/);
  });

  test('says so when requests still fail and the server is not back', async () => {
    const { failedOverAfterMs: _, restoredAfterMs: __, ...open } = availability.switches[0]!;
    const record = recordWith({ switches: [{ ...open, verdict: 'fail' }], events: availability.events.slice(0, 1) });
    expect(renderMarkdown(record)).toMatch(/still failing.*not back/);
    expect(Object.values(await renderCharts(record)).filter((chart) => 'problem' in chart)).toEqual([]);
  });

  test('is drawn before any server has failed, and when nothing was sent', async () => {
    for (const buckets of [availability.buckets.slice(0, 1), []]) {
      const record = recordWith({ buckets, events: [], switches: [] });
      expect(renderMarkdown(record)).toContain('No request failed.');
      expect(Object.values(await renderCharts(record)).filter((chart) => 'problem' in chart)).toEqual([]);
    }
  });

  test('is nothing where no load was on', () => {
    expect(availabilityBlocks(sampleRecord('passing'))).toEqual([]);
  });
});
