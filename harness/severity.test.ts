import { expect, test } from 'vitest';
import { severityOf } from './severity.ts';

const hour = 3_600_000;
const service = (rtoMs: number) => ({ title: 'x', objective: { rtoMs, rpoMs: hour } });
const runbook = {
  objective: { rtoMs: 4 * hour, rpoMs: hour },
  services: { database: service(2 * hour), reports: service(3 * hour) },
};

test.for([
  ['system', 'blocker'],
  ['database', 'critical'],
  ['reports', 'normal'],
])('the loss of %s is %s', ([service = '', severity]) => {
  expect(severityOf(runbook, { service })).toBe(severity);
});
