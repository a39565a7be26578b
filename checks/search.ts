import { finding, type Finding } from '../domain/finding.ts';
import type { SearchContent } from '../domain/system.ts';

/**
 * `search.content`: each index holds exactly the documents that the database gives, compared by content and not by
 * count. An index that should be empty proves nothing and does not pass.
 */
export function judgeSearchContent(contents: readonly SearchContent[]): Finding {
  const expected = contents.reduce((sum, content) => sum + content.expected.size, 0);
  const differences = contents.flatMap((content) => differencesOf(content));
  return finding('search.content', expected > 0 && differences.length === 0, {
    expected: `${Math.max(expected, 1)} documents with the content of the database`,
    actual: differences.length === 0 ? `${expected} documents` : `${differences.length} missing, stale or surplus`,
    evidence: differences.slice(0, 20),
    recommendation: 'Rebuild the search index from the database, and remove what the database does not have.',
  });
}

function differencesOf({ index, expected, actual }: SearchContent): string[] {
  return [
    ...[...expected].flatMap(([id, digest]) => {
      const found = actual.get(id);
      if (found === undefined) return [`${index}/${id} is missing`];
      return found === digest ? [] : [`${index}/${id} is stale`];
    }),
    ...[...actual.keys()].filter((id) => !expected.has(id)).map((id) => `${index}/${id} is not in the database`),
  ];
}
