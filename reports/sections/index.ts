import type { DrillRecord } from '../../domain/record.ts';
import type { Section } from '../blocks.ts';
import type { Summary } from '../summary.ts';
import { courseSection } from './course.ts';
import { integritySection, maskingSection } from './data.ts';
import { environmentSection } from './environment.ts';
import { evidenceSection } from './evidence.ts';
import { controlBlock, summarySection } from './identity.ts';
import { objectivesSection } from './objectives.ts';
import { recoveryPointSection } from './recovery-point.ts';
import { rolesSection, scopeSection } from './scope.ts';
import { securitySection, smokeSection } from './service.ts';
import { cleanUpSection, controlsSection, limitationsSection } from './trust.ts';

/** All sections of the report, in their order; each is there for every record, and says so when it has nothing. */
export function sectionsOf(record: DrillRecord, summary: Summary): Section[] {
  return [
    controlBlock(record),
    summarySection(record, summary),
    scopeSection(record),
    rolesSection(record),
    environmentSection(record),
    recoveryPointSection(record),
    courseSection(record),
    objectivesSection(record),
    integritySection(record),
    maskingSection(record),
    smokeSection(record),
    securitySection(record),
    controlsSection(record),
    cleanUpSection(record),
    limitationsSection(record),
    evidenceSection(record),
  ];
}
