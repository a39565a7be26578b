import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

/**
 * Reporter beside the default one, which does not show what was skipped: names each suite and test that was, with the
 * reason that stands in its name or that it gave.
 */
export default class Skips implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    for (const line of skipsIn(module)) process.stdout.write(`skipped  ${line}\n`);
  }
}

/** A line for each skipped suite, and for each skipped test outside of one. */
export function skipsIn(parent: Pick<TestModule | TestSuite, 'children'>): string[] {
  return [...parent.children].flatMap((child) => {
    if (child.type === 'test') return skippedTest(child);
    return child.options.mode === 'skip' ? [child.fullName] : skipsIn(child);
  });
}

function skippedTest(test: Pick<TestCase, 'result' | 'fullName'>): string[] {
  const result = test.result();
  if (result.state !== 'skipped') return [];
  return [result.note === undefined ? test.fullName : `${test.fullName}: ${result.note}`];
}
