import type { DrillRecord, SmokeRecord } from '../../domain/record.ts';
import { facts, mark, type Block, type Cell, type Section } from '../blocks.ts';
import { counted, duration, latency } from '../format.ts';
import { whyEmpty } from '../state.ts';
import { findingsOf, findingsTable } from './findings.ts';
import { sustainedBlocks } from './sustained.ts';
import { waysOutBlocks } from './ways-out.ts';

export function smokeSection(record: DrillRecord): Section {
  const { smoke } = record;
  const findings = findingsTable('Checks of the probes', findingsOf(record, 'service'));
  if (smoke.length === 0) {
    const text = whyEmpty(record, 'steady-state', 'smoke probes');
    return { number: 11, title: 'Smoke', blocks: [{ kind: 'empty', text }, ...sustainedBlocks(record), ...findings] };
  }
  const targets = [...new Set(smoke.map(({ target }) => target))];
  return {
    number: 11,
    title: 'Smoke',
    blocks: [
      ...chartBlock(smoke),
      ...targets.map((target) =>
        probesTable(
          target,
          smoke.filter((line) => line.target === target),
        ),
      ),
      {
        kind: 'text',
        text: 'Each request is timed once, alone; percentiles are by nearest rank, so each is a latency that was measured.',
      },
      ...sustainedBlocks(record),
      ...findings,
    ],
  };
}

function chartBlock(smoke: SmokeRecord[]): Block[] {
  const slowest = smoke.toSorted((one, other) => other.maxMs - one.maxMs)[0]!;
  const over = smoke.filter(({ maxMs, limitMs }) => !(maxMs < limitMs)).length;
  return [
    {
      kind: 'chart',
      chart: 'smoke',
      title: 'Smoke latencies against their limit',
      alternative: `The slowest single request took ${latency(slowest.maxMs)} (${slowest.probe}, ${slowest.target}) against a limit of ${duration(slowest.limitMs)}; ${over} of ${smoke.length} probes had a request at or over its limit. A line goes from the median to the slowest request, whose latency stands beside it.`,
    },
  ];
}

function probesTable(target: string, lines: SmokeRecord[]): Block {
  const passed = lines.filter(({ verdict }) => verdict === 'pass').length;
  const requests = lines.reduce((sum, line) => sum + line.requests, 0);
  const numeric = (title: string) => ({ title, numeric: true });
  return {
    kind: 'table',
    title: `${target}: ${passed} of ${lines.length} probes green, ${counted(requests, 'request')}`,
    columns: [
      { title: 'Endpoint' },
      { title: 'Verdict' },
      { title: 'Expected' },
      { title: 'Actual' },
      numeric('p50'),
      numeric('p95'),
      numeric('Slowest'),
      numeric('Limit'),
    ],
    rows: lines.map((line) => [
      { lines: [line.probe, `${line.method} ${line.path}`] },
      mark(line.verdict),
      line.expected,
      actualOf(line),
      latency(line.p50Ms),
      latency(line.p95Ms),
      latency(line.maxMs),
      latency(line.limitMs),
    ]),
  };
}

function actualOf({ status, reason }: SmokeRecord): Cell {
  const answer = String(status ?? 'no answer');
  return reason === undefined ? answer : { lines: [answer, reason] };
}

export function securitySection(record: DrillRecord): Section {
  const { sessionsCleared, credentialsReset, notes } = record.security;
  const findings = [...findingsTable('Checks of security', findingsOf(record, 'security')), ...waysOutBlocks(record)];
  const known = sessionsCleared !== undefined || credentialsReset !== undefined || notes.length > 0;
  const text = whyEmpty(record, 'resume', 'sessions or credentials');
  return {
    number: 12,
    title: 'Security during recovery',
    blocks: known
      ? [
          facts({
            'Sessions cleared': answerOf(sessionsCleared),
            'Credentials set anew': answerOf(credentialsReset),
            ...(notes.length > 0 && { Notes: { lines: notes } }),
          }),
          ...findings,
        ]
      : [{ kind: 'empty', text }, ...findings],
  };
}

function answerOf(done: boolean | undefined): Cell {
  if (done === undefined) return mark('inconclusive', 'not known');
  return done ? mark('pass', 'yes') : mark('fail', 'no');
}
