/** A filter that is not understood. The message ends with the place, counted from 1, and the filter, as a real server does. */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';

  constructor(words: string, start: number, end: number, filter: string) {
    super(`${words}\n${start + 1}:${end + 1} ${filter}`);
  }
}
