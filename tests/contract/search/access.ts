import { Meilisearch } from 'meilisearch';
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clientOf, refusalOf, succeeded, thingsIndex, type RunningSearch } from './client.ts';

/** Health, version, and what keys allow. */
export function accessContract(server: RunningSearch): void {
  describe('access', () => {
    it('is healthy without a key, and tells its version only with one', async () => {
      const { access } = server();
      expect(await new Meilisearch({ host: access.host }).health()).toEqual({ status: 'available' });
      expect((await clientOf(access).getVersion()).pkgVersion).toMatch(/^\d+\.\d+\.\d+$/);
    });

    it('refuses a request without a key and one with a wrong key', async () => {
      const { access } = server();
      expect(await refusalOf(new Meilisearch({ host: access.host }).getStats())).toBe('missing_authorization_header');
      expect(await refusalOf(clientOf(access, 'wrong').getStats())).toBe('invalid_api_key');
    });

    it('has default keys, each with the secret that follows from the master key', async () => {
      const { access } = server();
      const { results } = await clientOf(access).getKeys();
      expect(results.map(({ name }) => name)).toContain('Default Admin API Key');
      for (const { uid, key } of results) {
        expect(key).toBe(createHmac('sha256', access.masterKey).update(uid).digest('hex'));
      }
    });

    it('lets a key do what it is for and nothing else, until it is deleted', async () => {
      const { access } = server();
      const master = clientOf(access);
      await thingsIndex(master, 'for-a-key');
      await succeeded(master.createIndex('not-for-it', { primaryKey: 'id' }).waitTask());
      const key = await master.createKey({ name: 'one', actions: ['search'], indexes: ['for-a-key'], expiresAt: null });
      const holder = clientOf(access, key.key);
      expect((await holder.index('for-a-key').search('kettle')).hits.length).toBeGreaterThan(0);
      expect(await refusalOf(holder.index('not-for-it').search('kettle'))).toBe('invalid_api_key');
      expect(await refusalOf(holder.index('for-a-key').getDocuments())).toBe('invalid_api_key');
      expect(await refusalOf(holder.getKeys())).toBe('invalid_api_key');
      await master.deleteKey(key.uid);
      expect(await refusalOf(holder.index('for-a-key').search('kettle'))).toBe('invalid_api_key');
    });

    it('changes name and description of a key, and finds it by its uid and its secret', async () => {
      const client = clientOf(server().access);
      const made = await client.createKey({ actions: ['*'], indexes: ['*'], expiresAt: new Date('2090-01-01') });
      expect(made).toMatchObject({ name: null, description: null });
      const changed = await client.updateKey(made.uid, { name: 'two', description: 'for a test' });
      expect(changed).toMatchObject({ uid: made.uid, key: made.key, name: 'two', description: 'for a test' });
      expect(await client.getKey(made.key)).toEqual(changed);
      await client.deleteKey(made.key);
      expect(await refusalOf(client.getKey(made.uid))).toBe('api_key_not_found');
    });

    it('refuses a key without an expiry date, with an unknown action, or with a date that is past', async () => {
      const { host, masterKey } = server().access;
      const make = async (body: object): Promise<unknown> => {
        const headers = { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' };
        const answer = await fetch(`${host}/keys`, { method: 'POST', headers, body: JSON.stringify(body) });
        expect(answer.status).toBe(400);
        return ((await answer.json()) as { code: string }).code;
      };
      const key = { actions: ['search'], indexes: ['*'], expiresAt: null };
      expect(await make({ actions: key.actions, indexes: key.indexes })).toBe('missing_api_key_expires_at');
      expect(await make({ ...key, actions: ['fly'] })).toBe('invalid_api_key_actions');
      expect(await make({ ...key, expiresAt: '2001-01-01' })).toBe('invalid_api_key_expires_at');
    });
  });
}
