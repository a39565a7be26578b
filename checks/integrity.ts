import type { CheckName } from '../domain/catalogue.ts';
import { finding, notApplicable, type Finding } from '../domain/finding.ts';
import type { DatabaseContent } from '../domain/recovery.ts';
import { judgeLocale } from './integrity-locale.ts';
import { judgeSamples } from './integrity-samples.ts';
import { judgeSequences } from './integrity-sequences.ts';
import { judgeStatements } from './integrity-statements.ts';
import { hasNoTable, judgeContent, judgeRows } from './integrity-tables.ts';
import { differencesOf, evidenceOf } from './integrity-differences.ts';

type ListName =
  | 'columns'
  | 'functions'
  | 'views'
  | 'others'
  | 'constraints'
  | 'indexes'
  | 'extensions'
  | 'roles'
  | 'grants'
  | 'policies'
  | 'triggers';

/** Checks that compare lists of definitions line by line. */
const listChecks: readonly { check: CheckName; noun: string; lists: readonly ListName[]; recommendation: string }[] = [
  {
    check: 'integrity.constraints',
    noun: 'constraints',
    lists: ['constraints'],
    recommendation: 'Add the missing constraints and validate them; the data may hold what they forbid.',
  },
  {
    check: 'integrity.indexes',
    noun: 'indexes',
    lists: ['indexes'],
    recommendation: 'Build the missing or invalid indexes before the system takes traffic.',
  },
  {
    check: 'integrity.extensions',
    noun: 'extensions',
    lists: ['extensions'],
    recommendation: 'Install the same versions of the extensions on the servers that are restored into.',
  },
  {
    check: 'integrity.roles',
    noun: 'role definitions',
    lists: ['roles'],
    recommendation: 'Restore the roles (pg_dumpall --roles-only) before the database, with attributes and memberships.',
  },
  {
    check: 'integrity.grants',
    noun: 'owners and grants',
    lists: ['grants'],
    recommendation:
      'Restore owners and grants with the database; without them the application or its users are shut out.',
  },
  {
    check: 'integrity.policies',
    noun: 'row-level security definitions',
    lists: ['policies'],
    recommendation:
      'Keep the system closed until row-level security is as it was: without it users see the rows of others.',
  },
  {
    check: 'integrity.triggers',
    noun: 'triggers',
    lists: ['triggers'],
    recommendation:
      'Create and enable the triggers before the application writes; look for a load that switched them off.',
  },
];

/**
 * Holds a restored database against what was known before the fault. One finding for each check; each names the first
 * differing entries by their definitions, never by the content of a row. An expectation of nothing passes nothing.
 */
export function judgeIntegrity(expected: DatabaseContent, actual: DatabaseContent): Finding[] {
  return [
    judgeSchema(expected, actual),
    judgeLocale(expected, actual),
    judgeRows(expected, actual),
    judgeContent(expected, actual),
    judgeSamples(expected, actual),
    judgeSequences(expected.sequences, actual.sequences),
    ...judgeStatements(expected, actual),
    ...listChecks.map(({ check, noun, lists, recommendation }) => {
      const differences = lists.flatMap((list) => differencesOf(linesOf(expected, list), linesOf(actual, list)));
      const count = lists.reduce((sum, list) => sum + expected[list].length, 0);
      if (count === 0 && differences.length === 0)
        return notApplicable(check, `the ${noun} of before the fault`, `the database had no ${noun}, and has none`);
      return finding(check, differences.length === 0, {
        expected: `${count} ${noun}`,
        actual: differences.length === 0 ? 'the same' : `${differences.length} differ`,
        evidence: evidenceOf(differences),
        recommendation,
      });
    }),
  ];

  /** Attributes of the role that the harness connects by are the target's own; its settings and memberships are not. */
  function linesOf(content: DatabaseContent, list: ListName): readonly string[] {
    if (list !== 'roles' || expected.format === undefined) return content[list];
    const own = `role ${actual.bootstrapRole ?? 'postgres'} `;
    return content.roles.filter(
      (line) => !line.startsWith(own) || /^(?:member of|setting|in this) /.test(line.slice(own.length)),
    );
  }
}

function judgeSchema(expected: DatabaseContent, actual: DatabaseContent): Finding {
  const lists = ['columns', 'functions', 'views', 'others'] as const;
  const differences = lists.flatMap((list) => differencesOf(expected[list], actual[list]));
  const known = expected.columns.length > 0 || hasNoTable(expected);
  const same = expected.schemaChecksum === actual.schemaChecksum;
  const evidence = evidenceOf(differences);
  if (!known) evidence.unshift('the expectation has no column');
  if (!same && differences.length === 0)
    evidence.unshift('the checksums differ, the definitions do not: the manifest contradicts itself');
  return finding('integrity.schema', known && same && differences.length === 0, {
    expected: `${expected.columns.length} columns, ${expected.functions.length} functions, ${expected.views.length} views, checksum ${expected.schemaChecksum.slice(0, 12)}`,
    actual: same
      ? 'the same checksum'
      : `checksum ${actual.schemaChecksum.slice(0, 12)}, ${differences.length} definitions differ`,
    evidence,
    recommendation: 'Compare the definitions below with the migrations; take the next backup only once they agree.',
  });
}
