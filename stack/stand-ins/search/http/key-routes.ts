import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import { keySecret, type StoredKey } from '../store/key-store.ts';
import { actions } from './actions.ts';
import { pageQuery } from './fields.ts';
import { readJson, readQuery } from './input.ts';
import { ok, paged, type Route, type Service } from './route.ts';

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

const creation = z.strictObject({
  description: z.string().nullish(),
  name: z.string().nullish(),
  uid: z
    .string()
    .refine((uid) => uuid.test(uid), { error: (issue) => `\`${String(issue.input)}\` is not a valid UUID.` })
    .optional(),
  actions: z.array(z.enum(actions)),
  indexes: z.array(
    z.string().refine((name) => /^[\w-]*\*?$/.test(name) && name !== '', {
      error: (issue) => `\`${String(issue.input)}\` is not a valid index uid pattern.`,
    }),
  ),
  expiresAt: z.string().nullable(),
});

const update = z.strictObject({ description: z.string().nullish(), name: z.string().nullish() });

export const keyRoutes: Route[] = [
  {
    method: 'GET',
    url: '/keys',
    action: 'keys.get',
    handle({ query }, service) {
      const page = readQuery(z.strictObject(pageQuery), query, 'api_key');
      return paged(
        service.data.keys.list().map((key) => keyView(key, service)),
        page,
      );
    },
  },
  {
    method: 'POST',
    url: '/keys',
    action: 'keys.create',
    handle(request, service) {
      const {
        uid = randomUUID(),
        actions,
        indexes,
        expiresAt,
        name,
        description,
      } = readJson(creation, request, 'api_key');
      if (service.data.keys.byUid(uid)) {
        const words = `\`uid\` field value \`${uid}\` is already an existing API key.`;
        throw new Refusal(409, 'api_key_already_exists', words);
      }
      const now = service.clock.now().toISOString();
      const key: StoredKey = {
        ...(typeof description === 'string' && { description }),
        ...(typeof name === 'string' && { name }),
        uid,
        actions,
        indexes,
        expires_at: expiresAt === null ? null : expiryOf(expiresAt, service),
        created_at: now,
        updated_at: now,
      };
      service.data.keys.add(key);
      return { status: 201, body: keyView(key, service) };
    },
  },
  {
    method: 'GET',
    url: '/keys/:key',
    action: 'keys.get',
    handle: ({ params: { key = '' } }, service) => ok(keyView(findKey(key, service), service)),
  },
  {
    method: 'PATCH',
    url: '/keys/:key',
    action: 'keys.update',
    handle(request, service) {
      const key = findKey(request.params['key'] ?? '', service);
      const given = readJson(update, request, 'api_key');
      const { name = key.name ?? null, description = key.description ?? null } = given;
      const { uid, actions, indexes, expires_at, created_at } = key;
      const changed: StoredKey = {
        ...(description !== null && { description }),
        ...(name !== null && { name }),
        uid,
        actions,
        indexes,
        expires_at,
        created_at,
        updated_at: service.clock.now().toISOString(),
      };
      service.data.keys.replace(changed);
      return ok(keyView(changed, service));
    },
  },
  {
    method: 'DELETE',
    url: '/keys/:key',
    action: 'keys.delete',
    handle({ params: { key = '' } }, service) {
      service.data.keys.remove(findKey(key, service).uid);
      return { status: 204 };
    },
  },
];

/** Finds a key by its uid or by its secret. */
function findKey(text: string, { data, masterKey = '' }: Service): StoredKey {
  const key = data.keys.byUid(text) ?? data.keys.list().find(({ uid }) => keySecret(masterKey, uid) === text);
  if (!key) throw new Refusal(404, 'api_key_not_found', `API key \`${text}\` not found.`);
  return key;
}

function keyView(key: StoredKey, { masterKey = '' }: Service): Record<string, unknown> {
  const { name = null, description = null, uid, actions, indexes, expires_at, created_at, updated_at } = key;
  const instants = { expiresAt: expires_at, createdAt: created_at, updatedAt: updated_at };
  return { name, description, key: keySecret(masterKey, uid), uid, actions, indexes, ...instants };
}

/** An instant in the future, in RFC 3339; a date or date-time without a zone is taken as UTC. */
function expiryOf(text: string, { clock }: Service): string {
  const withZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) || !/\d:\d/.test(text) ? text : `${text.replace(' ', 'T')}Z`;
  const instant = Date.parse(withZone);
  if (Number.isNaN(instant) || instant <= clock.now().getTime()) {
    throw new Refusal(
      400,
      'invalid_api_key_expires_at',
      `Invalid value at \`.expiresAt\`: \`${text}\` is not a valid date. It should follow the RFC 3339 format to represents a date or datetime in the future or specified as a null value. e.g. 'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM:SS'.`,
    );
  }
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
