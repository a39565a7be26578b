import { entryOf } from '../domain/catalogue.ts';
import type { ControlId } from '../domain/check-entry.ts';

/** A control of NIST SP 800-53 Rev. 5, by its id in NIST's OSCAL catalogue, in our own words. */
export interface DrilledControl {
  controlId: string;
  title: string;
  /** Whether a check of a drill, by its name, says something about the control. */
  bearsOn: (check: string) => boolean;
}

/** The checks that the catalogue says evidence the control. */
function evidenced(controlId: ControlId, title: string): DrilledControl {
  const bearsOn = (check: string): boolean => {
    const evidences = entryOf(check)?.evidences ?? [];
    return !('none' in evidences) && evidences.includes(controlId);
  };
  return { controlId, title, bearsOn };
}

/** The controls that a restore drill bears on. */
export const drilledControls: readonly DrilledControl[] = [
  { controlId: 'cp-4', title: 'The contingency plan is tested', bearsOn: () => true },
  evidenced('cp-9.1', 'Backups are tested for reliability and integrity'),
  evidenced('cp-9.2', 'Functions are restored from a backup as part of the test'),
  evidenced('cp-10.2', 'Transactions are recovered'),
  evidenced('cp-10.4', 'Components are restored within their time'),
];
