import { InvalidArgumentError } from 'commander';

/** Reads an option that is a whole number of zero or more; anything else is told as a wrong argument. */
export function wholeNumber(text: string): number {
  return wholeNumberOf(text, 0, 'expected a whole number.');
}

/** The same of an option that is at least so great. */
export function wholeNumberFrom(least: number): (text: string) => number {
  return (text) => wholeNumberOf(text, least, `expected a whole number from ${least} on`);
}

function wholeNumberOf(text: string, least: number, mistake: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new InvalidArgumentError(mistake);
}
