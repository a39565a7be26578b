import { expect, it } from 'vitest';
import { allowsAction, type Action } from './actions.ts';

it.each<[string[], Action, boolean]>([
  [['search'], 'search', true],
  [['search'], 'documents.get', false],
  [['*'], 'keys.delete', true],
  [['documents.*'], 'documents.add', true],
  [['documents.*'], 'indexes.get', false],
  [['*.get'], 'tasks.get', true],
  [['*.get'], 'tasks.cancel', false],
  [['*.get'], 'keys.get', false],
  [['*.get', 'keys.get'], 'keys.get', true],
  [['chats.*'], 'chatsSettings.get', false],
  [[], 'search', false],
])('%j and %s: %s', (granted, wanted, allowed) => expect(allowsAction(granted, wanted)).toBe(allowed));
