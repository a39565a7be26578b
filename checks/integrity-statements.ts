import type { CheckName } from '../domain/catalogue.ts';
import { finding, notApplicable, type Finding } from '../domain/finding.ts';
import type { DatabaseContent } from '../domain/recovery.ts';
import { evidenceOf } from './integrity-differences.ts';

/** The part of a content that is judged here. */
export type Printed = Pick<DatabaseContent, 'format' | 'statements' | 'bootstrapRole'>;

interface StatementCheck {
  check: CheckName;
  part: 'definitions' | 'globals';
  tool: string;
  recommendation: string;
}

const statementChecks: readonly StatementCheck[] = [
  {
    check: 'integrity.definitions',
    part: 'definitions',
    tool: 'pg_dump',
    recommendation:
      'Compare pg_dump --schema-only --create of the restored database with the one of the backup for the objects below.',
  },
  {
    check: 'integrity.globals',
    part: 'globals',
    tool: 'pg_dumpall',
    recommendation:
      'Restore what belongs to the whole server (roles with passwords and settings, tablespaces, rights on parameters) before it is used.',
  },
];

/**
 * `integrity.definitions` and `integrity.globals`: what PostgreSQL's own tools print of each object, before the fault and
 * now. Nothing where neither side was asked; an expectation of nothing passes nothing.
 */
export function judgeStatements(expected: Printed, actual: Printed): Finding[] {
  if (expected.format === undefined) {
    const reason = 'the manifest of the backup does not have them: it was made by an earlier version';
    return statementChecks.map(({ check, tool }) => notApplicable(check, `what ${tool} prints`, reason));
  }
  if (!expected.statements && !actual.statements) return [];
  return statementChecks.map((each) => judgePart(each, expected, actual));
}

function judgePart({ check, part, tool, recommendation }: StatementCheck, expected: Printed, actual: Printed): Finding {
  // The harness connects by this role: what it may do, and its password, are the target's own.
  const own = part === 'globals' ? `ROLE ${actual.bootstrapRole ?? 'postgres'}` : undefined;
  const before = withoutTitle(expected.statements?.[part] ?? {}, own);
  const now = withoutTitle(actual.statements?.[part] ?? {}, own);
  const differences = differencesByTitle(before, now);
  // A database is an object itself; of the server there may be nothing but the role of the harness.
  const looked = expected.statements !== undefined && (part === 'globals' || before.size > 0);
  return finding(check, looked && differences.length === 0, {
    expected: `${before.size} objects as ${tool} printed them`,
    actual: !looked
      ? 'nothing to compare with'
      : differences.length === 0
        ? 'the same'
        : `${differences.length} differ`,
    evidence: looked ? evidenceOf(differences) : [`the expectation has nothing that ${tool} printed`],
    recommendation,
    ...(!looked && { otherwise: 'inconclusive' as const }),
  });
}

function withoutTitle(digests: Readonly<Record<string, string>>, title: string | undefined): Map<string, string> {
  return new Map(Object.entries(digests).filter(([each]) => each !== title));
}

/** Titles of which only one side has an object, or each another: `missing: …`, `unexpected: …`, `differs: …`. */
function differencesByTitle(expected: ReadonlyMap<string, string>, actual: ReadonlyMap<string, string>): string[] {
  const titles = [...new Set([...expected.keys(), ...actual.keys()])].sort();
  return titles.flatMap((title) => {
    if (!actual.has(title)) return [`missing: ${title}`];
    if (!expected.has(title)) return [`unexpected: ${title}`];
    return actual.get(title) === expected.get(title) ? [] : [`differs: ${title}`];
  });
}
