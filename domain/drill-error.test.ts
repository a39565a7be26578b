import { expect, test } from 'vitest';
import { DrillError, messageOf } from './drill-error.ts';

test('the message says what failed, expected, actual, where and what to do', () => {
  const error = new DrillError({
    code: 'service-start',
    what: 'postgres did not start',
    expected: 'a connection within 30 s',
    actual: 'exit code 1',
    where: 'port 5432',
    hint: 'Look at its log.',
  });
  expect(error.message).toBe(
    'postgres did not start: expected a connection within 30 s, actual exit code 1 (port 5432)\nLook at its log.',
  );
  expect(error.code).toBe('service-start');
});

test('parts that are not given leave no trace in the message, and the cause is kept', () => {
  const cause = new Error('below');
  const error = new DrillError({ code: 'internal', what: 'it broke', cause });
  expect(error.message).toBe('it broke');
  expect(error.cause).toBe(cause);
  expect(messageOf('text')).toBe('text');
});
