import { expect } from 'vitest';
import { DrillError } from '../domain/drill-error.ts';
import { parseRunbook, type Vocabulary } from './load.ts';

/** What the runbook of these tests may refer to. */
export const vocabulary: Vocabulary = {
  actions: { stop: [], restore: [], 'fail-over': ['servers', 'availability'], rebuild: ['search'] },
  systems: { shop: { tokens: ['clerk', 'manager'], parts: ['search', 'servers'] }, kiosk: { tokens: [], parts: [] } },
  drills: ['db-loss', 'search-loss'],
};

/** A runbook without a mistake. */
export const valid = `
name: shop
title: The shop
version: '1'
owner: Us
classification: Internal
system: shop
objective: { rto: 4h, rpo: 30m }
services:
  database: { title: Database, store: postgres, objective: { rto: 2h, rpo: 1h30m }, backupEvery: 1 day }
  finder: { title: Search, store: search, objective: { rto: 1h, rpo: 1h } }
scenarios:
  loss:
    title: Loss
    drill: db-loss
    service: database
    symptoms: [errors]
    steps:
      - { id: stop, title: Stop, action: stop, budget: 90s }
      - { id: call, title: Call the owner, manual: people do that }
smoke:
  limit: 2s
  requests: 3
  detectBy: ready
  probes:
    - { name: ready, path: /ready, expect: { status: 200, json: { ok: true } } }
    - { name: closed, method: POST, path: /x, security: true, requests: 1, expect: { status: [401, 403] } }
masking:
  tables:
    public.people:
      columns: { id: keep, email: { replace: 'test-{id}@example.com' }, notes: { redact: text }, left: 'null' }
    public.sessions: { clear: true }
cadence: { frequency: quarterly }
roles: [{ role: Lead, responsibility: responsible, contact: lead@example.com }]
contacts: [{ role: Lead, primary: lead@example.com }]
successCriteria: [It works]
`;

/** The lines of mistakes for `valid` with one text replaced by another. */
export function mistakes(...changes: [from: string, to: string][]): string[] {
  const source = changes.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, valid);
  try {
    parseRunbook(source, 'shop.yaml', vocabulary);
  } catch (error) {
    expect(error).toBeInstanceOf(DrillError);
    expect((error as DrillError).code).toBe('configuration');
    return (error as DrillError).facts.hint?.split('\n') ?? [];
  }
  return [];
}
