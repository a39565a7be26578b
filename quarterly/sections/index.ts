import type { Section } from '../../reports/blocks.ts';
import type { QuarterlyReport } from '../report.ts';
import { changesSection, controlsSection, findingsSection, maskingSection } from './assurance.ts';
import { ledgerSection, limitationsSection, matrixSection, signOffSection } from './evidence.ts';
import { controlBlock, planSection } from './programme.ts';
import { coverageSection, restoresSection, rpoSection, rtoSection } from './proof.ts';
import { runsSection } from './runs.ts';

/** All sections of a quarterly report, in their order; each is there always, and says so when it has nothing. */
export function quarterlySections(report: QuarterlyReport): Section[] {
  return [
    controlBlock,
    planSection,
    runsSection,
    coverageSection,
    restoresSection,
    rtoSection,
    rpoSection,
    findingsSection,
    controlsSection,
    maskingSection,
    changesSection,
    matrixSection,
    ledgerSection,
    limitationsSection,
    signOffSection,
  ].map((section, index) => ({ number: index + 1, ...section(report) }));
}
