import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { summaryOf } from '../bin/summary.ts';
import type { DrillRecord } from '../domain/record.ts';
import { phaseNames, type PhaseName } from '../domain/timeline.ts';
import { ledgerPaths } from '../evidence/ledger-paths.ts';
import { readPeriod } from '../evidence/ledger-period.ts';
import { reportedRun } from '../quarterly/runs.ts';
import { renderMarkdown } from '../reports/markdown.ts';
import { parseRecord } from '../reports/parse-record.ts';
import { renderedReports } from '../reports/render.ts';
import { summaryOf as firstPageOf } from '../reports/summary.ts';
import { fakeCheck, fakeDrill, phasesInTable, phasesTold, played, stepsBy, type Cut } from './cut-run.test-data.ts';
import { createRun } from './run.ts';

vi.mock('../stack/index.ts', async (original) => ({
  ...(await original<object>()),
  chooseEngine: async () => 'native',
}));
vi.mock('./steps/prepare.ts', async (original) => faked(await original()));
vi.mock('./steps/backed-up.ts', async (original) => faked(await original()));
vi.mock('./steps/recovered.ts', async (original) => faked(await original()));
vi.mock('./steps/controls.ts', async (original) => faked(await original()));
vi.mock('./steps/strike.ts', async (original) => {
  const { struck, withFakes } = await import('./cut-run.test-data.ts');
  return withFakes(await original<object>(), struck);
});
vi.mock('./steps/finish.ts', async (original) => {
  const { withFakes } = await import('./cut-run.test-data.ts');
  return withFakes(await original<object>(), ({ record }) => {
    record.cleanUp = { verdict: 'pass', left: [] };
  });
});
vi.mock('./actions/index.ts', async (original) => {
  const { actions } = await original<{ actions: Record<string, object> }>();
  return { actions: await faked(actions) };
});
vi.mock('./memory.ts', () => ({
  MemoryWatch: class {
    async stop(): Promise<void> {}
  },
}));
vi.mock('./source-state.ts', () => ({ sourceState: async () => ({}) }));
// Written at the beginning and at the end, not after each step, and the page is drawn here: else it would take minutes.
vi.mock('../reports/write.ts', async (original) => {
  const write = await original<{ writeRecord: (directory: string, record: DrillRecord) => Promise<void> }>();
  return { ...write, writeReports: write.writeRecord, writeRecord: async () => {} };
});

async function faked(module: object): Promise<Record<string, unknown>> {
  const { withFakes } = await import('./cut-run.test-data.ts');
  return withFakes(module);
}

/** The drills that the runbook has for these scenarios. */
const drills: Readonly<Record<string, string>> = { 'database-loss': 'db-loss', 'full-loss': 'full-loss' };

let folder = '';
let runs = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-cut-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Told {
  record: DrillRecord;
  markdown: string;
  html: string;
  console: string;
}

/** Plays a run that is cut, as its suite does, and reads what it has left. */
async function play(scenario: string, cut?: Cut): Promise<Told> {
  // Each beside no other: a run looks through all that lie beside it.
  const out = join(folder, String((runs += 1)), 'out');
  Object.assign(played, { begun: [], judged: [], cut, run: undefined });
  const options = { seed: 1, keep: false, out, ledger: join(folder, 'ledger') };
  const run = await createRun(fakeDrill(scenario, drills[scenario] ?? ''), options, { print: () => {} });
  played.run = run;
  for (const step of run.steps) await run.execute(step);
  await run.finish();
  const file = join(out, 'drill.json');
  const record = parseRecord(await readFile(file, 'utf8'), file);
  // The page takes long, and says what the Markdown says.
  const texts =
    cut?.how !== 'error' || scenario === 'full-loss' ? [] : (await renderedReports(out)).files.map(({ text }) => text);
  const [markdown = renderMarkdown(record), html = markdown] = texts;
  return { record, markdown, html: html.replaceAll(/<[^>]+>/g, ' '), console: summaryOf(record, out) };
}

/** Phases that a run may be said to have ended in: that of the step that was cut, and of those that were on beside it. */
function phasesCut(at: string, { how, isGraph }: { how: Cut['how']; isGraph: boolean }): PhaseName[] {
  // After a step of a graph others are on already, and which of them was noted last is chance.
  const isBeside = (name: string): boolean =>
    how === 'interrupt' ? !played.judged.includes(name) : how === 'interrupt-after' && isGraph;
  const isCut = (name: string): boolean => name === at || isBeside(name);
  return played.begun.filter(({ name }) => isCut(name)).map(({ phase }) => phase);
}

const furthest = (phases: readonly PhaseName[]): number =>
  Math.max(...phases.filter((phase) => phase !== 'clean-up').map((phase) => phaseNames.indexOf(phase)));

/** Holds all that was told of a run against what its steps did. */
async function expectNoContradiction({ record, markdown, html, console }: Told, ending: RegExp): Promise<void> {
  const begun = [...new Set(played.begun.map(({ phase }) => phase))];
  const firstPage = firstPageOf(record);
  expect(firstPage.headline).toMatch(ending);
  for (const text of [markdown, html, console]) expect(text).toMatch(ending);
  for (const text of [markdown, html]) {
    const told = phasesTold(text);
    for (const phase of told.begun as PhaseName[]) {
      if (!begun.includes(phase)) expect(phaseNames.indexOf(phase)).toBeLessThanOrEqual(furthest(begun));
    }
    for (const phase of told.notReached as PhaseName[]) {
      expect(begun).not.toContain(phase);
      expect(phaseNames.indexOf(phase)).toBeGreaterThan(furthest(begun));
    }
  }
  expect(begun).toEqual(expect.arrayContaining(phasesInTable(markdown)));
  // Of steps that ran side by side, those of the critical path alone are in the table.
  const isGraph = record.steps.some(({ after }) => after !== undefined);
  if (!isGraph) expect(phasesInTable(markdown)).toEqual(expect.arrayContaining(begun));
  // Findings: those of the steps that came to their end, and no red one about what was never begun.
  expect(record.findings.filter(({ check }) => check === fakeCheck)).toHaveLength(played.judged.length);
  // A fake judges nothing that a run owes: only one that is cut has a reason for it.
  const isOwed = ({ check }: { check: string }): boolean => check === 'judged' && record.state === 'finished';
  expect(record.findings.filter((one) => one.verdict !== 'pass' && !isOwed(one))).toEqual([]);
  // Timeline, steps and errors tell of the same steps.
  const names = (kind: string): string[] =>
    record.timeline.filter((event) => event.kind === kind).map(({ message }) => message);
  expect(names('start')).toHaveLength(played.begun.length);
  expect(names('ok')).toHaveLength(played.judged.length);
  const failed = names('fail').filter((message) => !message.startsWith('judged '));
  expect(failed).toHaveLength(played.begun.length - played.judged.length);
  // A step that was cut has its error; a run that was interrupted between two steps has one as well.
  const between = record.errors.length - (played.begun.length - played.judged.length);
  expect([0, record.state === 'interrupted' ? 1 : 0]).toContain(between);
  expect(record.errors.some(({ code }) => code === 'interrupted')).toBe(record.state === 'interrupted');
  expect(stepsBy(record, 'executed').length + stepsBy(record, 'failed').length).toBe(
    new Set(record.timeline.flatMap(({ kind, runbookStep }) => (kind === 'start' ? (runbookStep ?? []) : []))).size,
  );
  // One verdict, wherever it is told.
  const word = record.verdict.toUpperCase();
  expect(firstPage.verdict).toBe(record.verdict);
  expect(console.trim().split(' ')[0]).toBe(word);
  for (const text of [markdown, html]) expect(text).toContain(word);
  const all = { from: new Date(0), to: new Date(8.64e15) };
  const kept = (await readPeriod(ledgerPaths(join(folder, 'ledger')), all)).runs.at(-1)!;
  expect(kept.end).toMatchObject({ state: record.state, verdict: record.verdict });
  expect(reportedRun(kept, undefined).verdict).toBe(record.verdict);
}

describe.each(Object.keys(drills))('a run of %s', (scenario) => {
  test('that goes through is finished, and says so', async () => {
    const told = await play(scenario);
    await expectNoContradiction(
      { ...told, console: `${told.console} finished` },
      /finished|came back|Nothing was proved/,
    );
    expect(told.record).toMatchObject({ state: 'finished', errors: [] });
  });

  test(
    'cut at any step says everywhere where it ended, and nothing of what never began',
    { timeout: 300_000 },
    async () => {
      await play(scenario);
      const steps = played.begun.map(({ name }) => name);
      expect(steps.length).toBeGreaterThan(15);
      for (const at of steps) {
        for (const how of ['error', 'interrupt', 'interrupt-after'] as const) {
          const told = await play(scenario, { at, how });
          const words = how === 'error' ? 'was ended by an error' : 'was interrupted';
          const phases = phasesCut(at, { how, isGraph: scenario === 'full-loss' });
          const where = new RegExp(`the run ${words} in the phase “(${phases.join('|')})”`, 'i');
          await expectNoContradiction(told, where);
          expect(told.record).toMatchObject({ state: how === 'error' ? 'failed' : 'interrupted' });
          expect(told.record.verdict).not.toBe('pass');
        }
      }
    },
  );
});
