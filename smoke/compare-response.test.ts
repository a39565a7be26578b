import { describe, expect, it } from 'vitest';
import type { ProbeExpectation } from '../domain/smoke.ts';
import { compareResponse, type ProbeResponse } from './compare-response.ts';

const json = (body: unknown, status = 200): ProbeResponse => ({
  status,
  contentType: 'application/json; charset=utf-8',
  text: JSON.stringify(body),
});

describe('compareResponse', () => {
  const fitting: [string, ProbeExpectation, ProbeResponse][] = [
    ['one of several statuses', { status: [401, 403] }, json({}, 403)],
    [
      'JSON by value and by type',
      { status: [200], json: { ok: true, n: '<number>', s: '<string>' } },
      json({ ok: true, n: 1, s: '' }),
    ],
    ['a path with dots', { status: [200], json: { 'checks.store': '<boolean>' } }, json({ checks: { store: false } })],
    ['a member whose own name has dots', { status: [200], json: { 'a.b': 1 } }, json({ 'a.b': 1, a: { b: 2 } })],
    ['a nested object by value', { status: [200], json: { checks: { a: 1 } } }, json({ checks: { a: 1 } })],
    ['numeric members', { status: [200], numeric: { atLeast: 2 } }, json({ a: 1, b: 2.5, c: 'x' })],
    ['numeric members of a member', { status: [200], numeric: { member: 'm', atLeast: 1 } }, json({ m: { a: 1 } })],
    [
      'a CSV header that ends in CR LF',
      { status: [200], csvHeader: 'id,at' },
      { status: 200, contentType: 'text/csv', text: 'id,at\r\n1,2\r\n' },
    ],
    ['a content type with parameters', { status: [200], contentType: 'application/json' }, json({})],
  ];
  it.each(fitting)('finds nothing wrong with %s', (_name, expectation, response) => {
    expect(compareResponse(expectation, response)).toEqual([]);
  });

  const differing: [string, ProbeExpectation, ProbeResponse, string][] = [
    ['another status', { status: [200], json: { ok: true } }, json({}, 503), 'status is 503 instead of 200'],
    ['a status that is no error', { status: [200] }, json({}, 204), 'status is 204 instead of 200'],
    ['a missing key', { status: [200], json: { ok: true } }, json({}), 'JSON has no "ok"'],
    ['a missing nested key', { status: [200], json: { 'a.b': 1 } }, json({ a: {} }), 'JSON has no "a.b"'],
    ['an inherited name', { status: [200], json: { constructor: '<string>' } }, json({}), 'JSON has no "constructor"'],
    ['another value', { status: [200], json: { ok: true } }, json({ ok: false }), 'JSON "ok" is false instead of true'],
    [
      'a number as text',
      { status: [200], json: { n: '<number>' } },
      json({ n: '12' }),
      'JSON "n" is a string of 2 characters instead of a number',
    ],
    [
      'too few numbers',
      { status: [200], numeric: { atLeast: 2 } },
      json({ a: 1, b: '2' }),
      'the JSON object has 1 numeric values instead of at least 2',
    ],
    [
      'a member that is no object',
      { status: [200], numeric: { member: 'm', atLeast: 1 } },
      json({ m: null }),
      'JSON "m" is null instead of an object',
    ],
    [
      'a body that is not JSON',
      { status: [200], json: { ok: true } },
      { status: 200, contentType: 'text/html', text: '<p>' },
      'the body (3 characters) is not JSON',
    ],
    [
      'another CSV header',
      { status: [200], csvHeader: 'id,at' },
      { status: 200, contentType: 'text/csv', text: 'Ann,ann@mail.test' },
      'the first line (2 fields) is not the CSV header id,at',
    ],
    [
      'an empty CSV',
      { status: [200], csvHeader: 'id' },
      { status: 200, contentType: 'text/csv', text: '' },
      'the first line is empty instead of the CSV header id',
    ],
    [
      'another content type',
      { status: [200], contentType: 'text/csv' },
      json({}),
      'content type is application/json; charset=utf-8 instead of text/csv',
    ],
    [
      'no content type',
      { status: [200], contentType: 'text/csv' },
      { status: 200, contentType: undefined, text: '' },
      'content type is absent instead of text/csv',
    ],
    [
      'another charset, where one is expected',
      { status: [200], contentType: 'text/csv; charset=utf-8' },
      { status: 200, contentType: 'text/csv', text: '' },
      'content type is text/csv instead of text/csv; charset=utf-8',
    ],
  ];
  it.each(differing)('tells of %s', (_name, expectation, response, mismatch) => {
    expect(compareResponse(expectation, response)).toEqual([mismatch]);
  });

  it('never quotes a string of the body', () => {
    const body = json({ name: 'Ann Doe', email: 'ann@mail.test' });
    const told = compareResponse({ status: [200], json: { name: 1, email: 'x' }, csvHeader: 'id' }, body).join(' ');
    expect(told).not.toMatch(/ann/i);
  });
});
