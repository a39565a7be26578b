import { expect, test } from 'vitest';
import { sensitivityOfName } from './sensitive-names.ts';

test.for([
  ...['encrypted_password', 'password_hash', 'confirmation_token', 'apiToken', 'private_key', 'apiKey', 'TOTP'].map(
    (name) => [name, 'secret'] as const,
  ),
  ...['notes', 'description', 'lastComment', 'Body', 'refund reason'].map((name) => [name, 'free-text'] as const),
  ...['id', 'password_changed_at', 'tokenExpires', 'note_count', 'key', 'title', 'textile', 'hashtag_id', ''].map(
    (name) => [name, undefined] as const,
  ),
])('%s says %s', ([name, expected]) => {
  expect(sensitivityOfName(name)).toBe(expected);
});
