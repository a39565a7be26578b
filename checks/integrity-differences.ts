const evidenceLimit = 10;

/** Lines of only one of the two lists, each with what is wrong with it: `missing: …`, `unexpected: …`. */
export function differencesOf(expected: readonly string[], actual: readonly string[]): string[] {
  const missing = surplusOf(expected, actual).map((line) => `missing: ${line}`);
  const unexpected = surplusOf(actual, expected).map((line) => `unexpected: ${line}`);
  return [...missing, ...unexpected];
}

/** The first entries, each on one line, and how many more there are. */
export function evidenceOf(differences: readonly string[], limit = evidenceLimit): string[] {
  const first = differences.slice(0, limit).map((difference) => difference.replaceAll(/\s*\n\s*/g, ' '));
  return differences.length > limit ? [...first, `and ${differences.length - limit} more`] : first;
}

/** Lines of the one list that the other has not, or has less often. */
function surplusOf(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    return count === 0;
  });
}
