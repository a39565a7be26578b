import { expect, it } from 'vitest';
import { requireFaketime } from './faketime.ts';
import { changedStart } from './start-changes.ts';

it('gives a program the variables of what is changed, and no others', async () => {
  const store = { service: 'objects', otherCredentials: { SECRET: 'another' } } as const;
  expect(await changedStart(store, {})).toEqual({ environment: {} });
  expect(await changedStart(store, { otherCredentials: true })).toEqual({ environment: { SECRET: 'another' } });
});

it('refuses other credentials where there are none', async () => {
  const api = { service: 'api', otherCredentials: undefined } as const;
  await expect(changedStart(api, { otherCredentials: true })).rejects.toMatchObject({ code: 'unsupported' });
});

it('says what is missing where libfaketime is not installed, and how to get it', async () => {
  const found = requireFaketime('api', ['/nowhere/*/faketime', '/nowhere/else']);
  await expect(found).rejects.toMatchObject({ code: 'unsupported', facts: { service: 'api' } });
  await expect(found).rejects.toThrow(
    /^the clock of api cannot be set off: expected libfaketime on this machine, actual none in the usual places \(\/nowhere.*\)\nOn Debian.*faketime/,
  );
});
