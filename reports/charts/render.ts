import type { LoggerInterface } from 'vega';
import { DrillError, messageOf } from '../../domain/drill-error.ts';
import type { DrillRecord } from '../../domain/record.ts';
import type { ChartName } from '../blocks.ts';
import { lossesOf } from '../losses.ts';
import { comparedWithPrevious } from '../previous.ts';
import { tracksOf } from '../tracks.ts';
import { errorsChart, latencyChart } from './availability.ts';
import { servicesChart, tracksChart, waysChart } from './bars.ts';
import type { ChartSize, ChartSpec } from './common.ts';
import { markersChart } from './markers.ts';
import { phasesChart } from './phases.ts';
import { previousChart } from './previous.ts';
import { rtoChart, targetChart } from './rto.ts';
import { smokeChart } from './smoke.ts';
import { courseEvents } from './spans.ts';
import { sustainedChart } from './sustained.ts';

/** One chart as inline SVG, for each width; or why it could not be drawn, which must not cost the report. */
export type RenderedChart = Record<Width, string> | { problem: string };

type Width = 'wide' | 'narrow';

const sizes: Record<Width, ChartSize> = {
  wide: { widthPx: 860, narrow: false },
  narrow: { widthPx: 336, narrow: true },
};

/** The charts that the record has data for. The same record gives the same bytes. */
export async function renderCharts(record: DrillRecord): Promise<Partial<Record<ChartName, RenderedChart>>> {
  const { rto, smoke, availability, rtoByService = [], comparison, sustained = [] } = record;
  const timeline = courseEvents(record);
  const tracks = tracksOf(record);
  const losses = lossesOf(record);
  const compared = comparedWithPrevious(record);
  const draw: Partial<Record<ChartName, (size: ChartSize) => ChartSpec>> = {
    ...(timeline.length > 0 && { phases: (size: ChartSize) => phasesChart(timeline, size) }),
    ...(tracks && { tracks: (size: ChartSize) => tracksChart(tracks, size) }),
    ...(rto && {
      rto: (size: ChartSize) => rtoChart(rto, size),
      target: (size: ChartSize) => targetChart(rto, size),
    }),
    ...(availability && {
      availability: (size: ChartSize) => errorsChart(availability, size),
      latency: (size: ChartSize) => latencyChart(availability, size),
    }),
    ...(rtoByService.length > 0 && { services: (size: ChartSize) => servicesChart(rtoByService, size) }),
    ...(comparison && comparison.ways.length > 0 && { ways: (size: ChartSize) => waysChart(comparison, size) }),
    ...(losses.length > 0 && { markers: (size: ChartSize) => markersChart(losses, size) }),
    ...(compared.length > 0 && { previous: (size: ChartSize) => previousChart(compared, size) }),
    ...(smoke.length > 0 && { smoke: (size: ChartSize) => smokeChart(smoke, size) }),
    ...(sustained.length > 0 && { sustained: (size: ChartSize) => sustainedChart(sustained, size) }),
  };
  const charts: Partial<Record<ChartName, RenderedChart>> = {};
  for (const [name, specOf] of Object.entries(draw) as [ChartName, (size: ChartSize) => ChartSpec][]) {
    charts[name] = await drawn(specOf);
  }
  return charts;
}

/** Draws one chart for each width. */
export async function drawn(specOf: (size: ChartSize) => ChartSpec): Promise<RenderedChart> {
  try {
    return { wide: await toSvg(specOf(sizes.wide)), narrow: await toSvg(specOf(sizes.narrow)) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

async function toSvg(spec: ChartSpec): Promise<string> {
  // Most of what a report loads, and one of a run that has just begun has no chart.
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec: compiled } = compile(spec, { logger });
  const view = new View(parse(compiled), { renderer: 'none', logger });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** A warning of the chart library is a mistake of a specification: it is thrown, not printed. */
const logger: LoggerInterface = {
  level: setLevel,
  error: refuse,
  warn: refuse,
  info: () => logger,
  debug: () => logger,
};

/** That of warnings. */
const loggedLevel = 2;

function setLevel(level: number): LoggerInterface;
function setLevel(): number;
function setLevel(level?: number): LoggerInterface | number {
  return level === undefined ? loggedLevel : logger;
}

function refuse(...messages: readonly unknown[]): never {
  throw new DrillError({ code: 'internal', what: 'a chart cannot be drawn', actual: messages.map(String).join(' ') });
}
