/**
 * What turns each check of a drill red: a control of the drill itself, or a test of the check. Every check that a green
 * drill records must be here, under its name without the place it was asked at (`steady-state.`, `staging.`).
 */
export const turnedRedBy: Readonly<Record<string, { control: string } | { test: string }>> = {
  'backup.verified': { control: 'backup-truncated' },
  'backup.latest': { test: 'checks/run-checks.test.ts' },
  'fault.bites': { control: 'inert-fault' },
  'integrity.schema': { control: 'schema-column-dropped' },
  'integrity.rows': { control: 'row-missing' },
  'integrity.content': { control: 'value-changed' },
  'integrity.sequences': { control: 'sequence-set-back' },
  'integrity.constraints': { control: 'constraint-missing' },
  'integrity.indexes': { control: 'index-missing' },
  'integrity.extensions': { test: 'tests/integrity-red.test.ts' },
  'integrity.roles': { control: 'role-attribute-changed' },
  'integrity.grants': { control: 'grant-revoked' },
  'integrity.policies': { control: 'policy-dropped' },
  'integrity.triggers': { control: 'trigger-disabled' },
  'smoke.status': { test: 'checks/smoke.test.ts' },
  'smoke.latency': { control: 'slow-endpoint' },
  'smoke.auth': { control: 'endpoint-without-auth' },
  'smoke.shape': { test: 'checks/smoke.test.ts' },
  'search.content': { control: 'search-document-missing' },
  'reconciliation.objects': { control: 'orphan-object' },
  'reconciliation.search': { control: 'stale-document' },
  'search-backup.verified': { test: 'checks/search-backup.test.ts' },
  'search-backup.documents': { test: 'checks/search-backup.test.ts' },
  'search-backup.settings': { test: 'checks/search-backup.test.ts' },
  'search-backup.keys': { test: 'checks/search-backup.test.ts' },
  'resume.writes': { test: 'checks/resumption.test.ts' },
  'resume.worker': { test: 'checks/resumption.test.ts' },
  'objectives.rto': { test: 'checks/objectives.test.ts' },
  'objectives.rto.service': { test: 'checks/objectives.test.ts' },
  'objectives.durations': { test: 'checks/objectives.test.ts' },
  'objectives.rpo.postgres': { test: 'checks/objectives-rpo.test.ts' },
  'objectives.rpo.objects': { test: 'checks/objectives-rpo.test.ts' },
  'objectives.rpo.search': { test: 'checks/objectives-rpo.test.ts' },
  'masking.classified': { control: 'column-unclassified' },
  'masking.canaries-before': { test: 'checks/masking.test.ts' },
  'masking.canaries-after': { control: 'masking-rule-off' },
  'masking.leaks': { test: 'checks/masking.test.ts' },
  'masking.rules': { test: 'checks/masking.test.ts' },
  'masking.rows': { test: 'checks/masking.test.ts' },
  'masking.cleared': { test: 'checks/masking.test.ts' },
  'masking.foreign-keys': { test: 'checks/masking.test.ts' },
  controls: { test: 'harness/steps/controls.test.ts' },
  'clean-up': { test: 'checks/run-checks.test.ts' },
  memory: { test: 'checks/run-checks.test.ts' },
};

/** The name of a check without the place it was asked at, or the service that it is about. */
export function checkName(check: string): string {
  return check.replace(/^(steady-state|staging)\./, '').replace(/^objectives\.rto\..+$/, 'objectives.rto.service');
}
