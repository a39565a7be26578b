// Prints `passed failed skipped` of a result file of vitest's JSON reporter.
import { readFileSync } from 'node:fs';

const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
);
process.stdout.write(`${numPassedTests} ${numFailedTests} ${numPendingTests + (numTodoTests ?? 0)}\n`);
