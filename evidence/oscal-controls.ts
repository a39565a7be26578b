/** A control of NIST SP 800-53 Rev. 5, by its id in NIST's OSCAL catalogue, in our own words. */
export interface DrilledControl {
  controlId: string;
  title: string;
  /** Whether a check of a drill, by its name, says something about the control. */
  bearsOn: (check: string) => boolean;
}

const startsWith =
  (...beginnings: string[]) =>
  (check: string): boolean =>
    beginnings.some((beginning) => check.startsWith(beginning));

/** The controls that a restore drill bears on. */
export const drilledControls: readonly DrilledControl[] = [
  { controlId: 'cp-4', title: 'The contingency plan is tested', bearsOn: () => true },
  {
    controlId: 'cp-9.1',
    title: 'Backups are tested for reliability and integrity',
    bearsOn: startsWith('backup', 'integrity.'),
  },
  {
    controlId: 'cp-9.2',
    title: 'Functions are restored from a backup as part of the test',
    bearsOn: startsWith('integrity.', 'reconciliation.', 'smoke.'),
  },
  {
    controlId: 'cp-10.2',
    title: 'Transactions are recovered',
    bearsOn: startsWith('objectives.rpo', 'integrity.', 'reconciliation.'),
  },
  {
    controlId: 'cp-10.4',
    title: 'Components are restored within their time',
    bearsOn: startsWith('objectives.rto', 'objectives.durations'),
  },
];
