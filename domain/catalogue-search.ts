import { byControl, byTest, check, type CheckArea } from './check-entry.ts';

const integrity: CheckArea = {
  section: 'integrity',
  evidences: ['cp-9.1', 'cp-9.2', 'cp-10.2'],
  owed: 'database-hit',
};
const restoredSearch: CheckArea = { ...integrity, owed: 'search-from-backup' };
const impact: CheckArea = {
  section: 'course',
  evidences: { none: 'it says how a damage shows, not how it is recovered from' },
  owed: 'search-hit-alone',
};
const searchBackupTest = 'checks/search-backup.test.ts';

/** Checks of the search: its damage, what is back of it, and what was caught up. */
export const searchChecks = {
  'search.impact': check(
    'The loss of the search was seen in what it answers',
    impact,
    'normal',
    byTest('checks/search-impact.test.ts', 'is inconclusive when %s'),
  ),
  'search.found-despite-health': check(
    'The damage was found although health was green',
    { ...impact, owed: 'search-damaged' },
    'critical',
    byTest('checks/search-impact.test.ts', 'is inconclusive when %s'),
  ),
  'search-backup.documents': check(
    'Every document of the backup is back',
    restoredSearch,
    'critical',
    byControl('restored-document-missing'),
  ),
  'search-backup.settings': check(
    'Settings of indexes are back',
    restoredSearch,
    'critical',
    byControl('settings-changed'),
  ),
  'search-backup.keys': check('Keys are back with their secrets', restoredSearch, 'critical', byControl('key-missing')),
  'search.keys': check(
    'Keys of the system were made again with their secrets',
    { ...restoredSearch, owed: 'search-rebuilt' },
    'critical',
    byTest(searchBackupTest, 'search.keys'),
  ),
  'search.settings': check(
    'Settings of indexes were made again',
    { ...restoredSearch, owed: 'search-rebuilt' },
    'critical',
    byTest(searchBackupTest, 'search.settings'),
  ),
  'search.edits': check(
    'What was changed and deleted since the backup is in the index as the database has it',
    { ...integrity, owed: 'edits' },
    'critical',
    byTest('checks/search-by-http.test.ts', 'was missed by the catch-up'),
  ),
  'search.settings-by-http': check(
    'Every setting of an index is as before, asked by plain HTTP',
    { ...integrity, owed: 'reconciles-search' },
    'critical',
    byControl('index-settings-reset'),
  ),
  'search.keys-by-http': check(
    'Every key has its rights and its secret, asked by plain HTTP',
    { ...integrity, owed: 'reconciles-search' },
    'critical',
    byControl('search-key-lost'),
  ),
  'search.content': check(
    'Every index has the content of the database',
    { ...integrity, owed: 'reconciles-search' },
    'critical',
    byControl('search-document-missing'),
    { places: { 'steady-state': 'has-search' } },
  ),
  comparison: check(
    'Every way to bring the search back comes to the same content',
    { ...restoredSearch, owed: 'search-hit-alone' },
    'normal',
    byTest('checks/comparison.test.ts', 'is red for %s'),
  ),
};
