/** What the command ends with: a verdict, or 3 where nothing was started. */
export const exitCodes = { pass: 0, fail: 1, inconclusive: 2, usage: 3 } as const;
