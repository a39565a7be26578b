import { InvalidArgumentError } from 'commander';

/** Reads an option that is a whole number of zero or more; anything else is told as a wrong argument. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('expected a whole number.');
}
