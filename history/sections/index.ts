import type { Section } from '../../reports/blocks.ts';
import type { DrillHistory } from '../history.ts';
import { coverageSection, trendsSection } from './proof.ts';
import { gapsSection, monthsBlocks, sourceSection } from './runs.ts';
import { dueSection, statesSection } from './states.ts';

/** A section; with `showsCalendar` the calendar stands before its blocks. */
export interface HistorySection extends Section {
  showsCalendar: boolean;
}

/** All sections of the dashboard, in their order; each is there always, and says so when it has nothing. */
export function historySections(history: DrillHistory): HistorySection[] {
  return [
    statesSection(history),
    dueSection(history),
    coverageSection(history),
    { title: 'Calendar of verdicts', blocks: monthsBlocks(history), showsCalendar: true },
    trendsSection(history),
    gapsSection(history),
    sourceSection(history),
  ].map((section, index) => ({ showsCalendar: false, ...section, number: index + 1 }));
}
