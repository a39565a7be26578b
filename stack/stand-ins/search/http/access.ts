import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../../../domain/clock.ts';
import { Refusal } from '../refusal.ts';
import { keySecret, type KeyStore } from '../store/key-store.ts';
import { allowsAction, type Action } from './actions.ts';

/** What the bearer of a request may do. */
export interface Access {
  /** Names and patterns with a `*` at their end. */
  indexes: string[];
  allows(indexUid: string): boolean;
  /** Refuses an index that the key is not for. */
  require(indexUid: string): void;
}

export interface AccessOptions {
  masterKey: string | undefined;
  keys: KeyStore;
  clock: Clock;
}

/** Looks at the bearer token of a request; refuses one that is missing, unknown, expired, or not for this action. */
export function accessOf(authorization: string | undefined, action: Action, options: AccessOptions): Access {
  const { masterKey, keys, clock } = options;
  if (masterKey === undefined) {
    if (action.startsWith('keys.')) throw missingMasterKey();
    return accessTo(['*']);
  }
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) {
    throw new Refusal(
      401,
      'missing_authorization_header',
      'The Authorization header is missing. It must use the bearer authorization method.',
      'auth',
    );
  }
  if (sameText(token, masterKey)) return accessTo(['*']);
  const key = keys.list().find(({ uid }) => sameText(token, keySecret(masterKey, uid)));
  const expired = key?.expires_at && Date.parse(key.expires_at) <= clock.now().getTime();
  if (!key || expired || !allowsAction(key.actions, action)) throw invalidKey('The provided API key is invalid.');
  return accessTo(key.indexes);
}

function accessTo(indexes: string[]): Access {
  const allows = (indexUid: string): boolean =>
    indexes.some((name) => name === indexUid || (name.endsWith('*') && indexUid.startsWith(name.slice(0, -1))));
  return {
    indexes,
    allows,
    require(indexUid) {
      if (allows(indexUid)) return;
      const authorized = indexes.map((name) => JSON.stringify(name)).join(', ');
      // The misspelt word is the one of a real server.
      throw invalidKey(`The API key cannot acces the index \`${indexUid}\`, authorized indexes are [${authorized}].`);
    },
  };
}

function invalidKey(message: string): Refusal {
  return new Refusal(403, 'invalid_api_key', message, 'auth');
}

function missingMasterKey(): Refusal {
  return new Refusal(
    401,
    'missing_master_key',
    'Meilisearch is running without a master key. To access this API endpoint, you must have set a master key at launch.',
    'auth',
  );
}

/** Compares without telling by the time it takes how much of a secret was right. */
function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
