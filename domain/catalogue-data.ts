import { byControl, byTest, check, type CheckArea } from './check-entry.ts';

const integrity: CheckArea = {
  section: 'integrity',
  evidences: ['cp-9.1', 'cp-9.2', 'cp-10.2'],
  owed: 'database-hit',
};
const backups: CheckArea = { section: 'recovery-point', evidences: ['cp-9.1'], owed: 'database-hit' };
const backupOfObjects: CheckArea = { ...backups, owed: 'objects-hit' };
const restoredObjects: CheckArea = { ...integrity, owed: 'objects-hit' };
const versions: CheckArea = { ...integrity, owed: 'objects-damaged' };

const waysOut: CheckArea = { ...integrity, section: 'security' };

const integrityTest = 'tests/integrity-red.test.ts';
const objectsBackupTest = 'checks/objects-backup.test.ts';

/** Checks of the stores: what was saved, and what came back. */
export const dataChecks = {
  'restore.ways-out': check(
    'The recovered server goes nowhere by itself',
    waysOut,
    'critical',
    byTest(
      'checks/ways-out.test.ts',
      'restore.ways-out: what goes out by itself is red, what has to be used for it is listed',
    ),
  ),
  'backup.verified': check(
    'The backup of the database can be restored',
    backups,
    'blocker',
    byControl('backup-truncated'),
  ),
  'backup.latest': check(
    'The newest backup was used',
    { ...backups, owed: 'any-backup' },
    'critical',
    byControl('older-backup'),
  ),
  'backup-set': check(
    'The backups of all stores are one set, close in time',
    { ...backups, owed: 'everything-lost' },
    'critical',
    byControl('backup-set-incomplete'),
  ),
  'backup.objects': check(
    'Every content of the backup of the objects can be read back',
    backupOfObjects,
    'blocker',
    byControl('object-missing-in-backup'),
  ),
  'backup.objects-complete': check(
    'The backup holds every object that a row refers to',
    backupOfObjects,
    'blocker',
    byTest(objectsBackupTest, 'backup.objects-complete: a backup is complete unless'),
  ),
  'backup.objects-incremental': check(
    'A further backup reads and writes only what is new',
    { ...backups, owed: 'objects-lost-alone' },
    'normal',
    byTest(objectsBackupTest, 'backup.objects-incremental, where %s'),
  ),
  'search-backup.verified': check(
    'The backup of the search server can be restored',
    { ...backups, owed: 'search-hit' },
    'blocker',
    byControl('dump-truncated'),
  ),

  'integrity.schema': check('The schema is as before', integrity, 'blocker', byControl('schema-column-dropped')),
  'integrity.rows': check('Every table has as many rows as before', integrity, 'blocker', byControl('row-missing')),
  'integrity.content': check('Every table has the content of before', integrity, 'blocker', byControl('value-changed')),
  'integrity.locale': check(
    'Text is stored and sorted as before',
    integrity,
    'blocker',
    byTest(integrityTest, '%s is red for %j'),
  ),
  'integrity.sample': check(
    'Whole rows of every table, read by COPY, are as before',
    integrity,
    'blocker',
    byControl('first-row-changed'),
  ),
  'integrity.definitions': check(
    'pg_dump prints every object as before',
    integrity,
    'critical',
    byControl('definition-changed'),
  ),
  'integrity.globals': check(
    'pg_dumpall prints roles and settings of the server as before',
    integrity,
    'critical',
    byControl('globals-changed'),
  ),
  'integrity.sequences': check(
    'No sequence gives a number twice',
    integrity,
    'critical',
    byControl('sequence-set-back'),
  ),
  'integrity.constraints': check('Constraints are as before', integrity, 'critical', byControl('constraint-missing')),
  'integrity.indexes': check('Indexes are as before', integrity, 'normal', byControl('index-missing')),
  'integrity.extensions': check(
    'Extensions are as before',
    integrity,
    'critical',
    byTest(integrityTest, '%s is red for %j'),
  ),
  'integrity.roles': check('Roles are as before', integrity, 'critical', byControl('role-attribute-changed')),
  'integrity.grants': check('Owners and grants are as before', integrity, 'critical', byControl('grant-revoked')),
  'integrity.policies': check('Row-level security is as before', integrity, 'blocker', byControl('policy-dropped')),
  'integrity.triggers': check('Triggers are as before', integrity, 'critical', byControl('trigger-disabled')),

  'objects.content': check(
    'Every object has the bytes of before',
    restoredObjects,
    'blocker',
    byControl('object-changed-after-restore'),
  ),
  'objects.metadata': check('Every object has its metadata', restoredObjects, 'normal', byControl('content-type-lost')),
  'objects.headers-by-http': check(
    'A sample of objects has its headers, asked by plain HTTP',
    restoredObjects,
    'normal',
    byControl('object-header-lost'),
  ),
  'objects.versioning': check(
    'Buckets keep versions as before',
    restoredObjects,
    'critical',
    byControl('versioning-lost'),
  ),
  'objects.rows': check(
    'Rows and restored objects agree on the bytes',
    { ...integrity, owed: 'objects-lost' },
    'blocker',
    byTest('checks/objects.test.ts', 'objects.rows: rows that name other bytes fail'),
  ),
  'objects.bytes': check(
    'A recovery from a manifest alone loses no bytes',
    { ...integrity, owed: { never: 'judged only on the way that has no bytes, where it is red' } },
    'blocker',
    byTest('checks/objects.test.ts', 'lost bytes are counted and their objects named'),
  ),
  'objects.keeps-versions': check(
    'Every bucket keeps the versions that a recovery needs',
    { ...backups, owed: { never: 'asked before the fault only' } },
    'blocker',
    byControl('versioning-off'),
    { places: { 'steady-state': 'objects-damaged' } },
  ),
  'objects.versions-restored': check(
    'Every damaged object came back from its versions',
    versions,
    'blocker',
    byControl('version-gone'),
  ),
  'objects.newer-kept': check(
    'What users wrote after the damage is kept',
    versions,
    'blocker',
    byControl('newer-object-overwritten'),
  ),
  'objects.scope': check(
    'The damage that was found is the damage that was done',
    versions,
    'critical',
    byTest('checks/object-versions.test.ts', 'a scope must be exactly what was hit'),
  ),
  'objects.file-operations': check(
    'The application stores files and gives them back',
    { ...integrity, owed: 'objects-hit-alone' },
    'critical',
    byTest('checks/file-operations.test.ts', 'objects.file-operations: file operations pass when all work'),
  ),

  'reconciliation.objects': check(
    'Rows and objects agree both ways',
    { ...integrity, owed: 'reconciles-objects' },
    'blocker',
    byControl('orphan-object'),
  ),
  'reconciliation.search': check(
    'Rows and documents agree both ways',
    { ...integrity, owed: 'reconciles-search' },
    'critical',
    byControl('stale-document'),
  ),
};
