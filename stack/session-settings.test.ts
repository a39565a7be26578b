import { expect, test } from 'vitest';
import { sessionOptions } from './session-settings.ts';

test('a value with a blank stays one option', () => {
  expect(sessionOptions).toContain(String.raw`-c default_transaction_isolation=read\ committed -c `);
  expect(sessionOptions.split(/(?<!\\) /).filter((_, index) => index % 2 === 0)).toSatisfy((flags: string[]) =>
    flags.every((flag) => flag === '-c'),
  );
});
