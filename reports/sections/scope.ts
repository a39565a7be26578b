import type { DrillRecord } from '../../domain/record.ts';
import { facts, type Block, type Section } from '../blocks.ts';
import { duration } from '../format.ts';

export function scopeSection({ scope, runbook, drill }: DrillRecord): Section {
  const { system, scenario, symptoms, objectives, assumptions, successCriteria, criteriaSha256 } = scope;
  return {
    number: 3,
    title: 'Scope',
    reference: 'System, objectives, symptoms, assumptions and success criteria',
    blocks: [
      facts({ System: system, Scenario: `${scenario} (${runbook.scenario})`, Drill: { code: drill } }),
      {
        kind: 'table',
        title: 'Objectives',
        columns: [{ title: 'Service' }, { title: 'RTO', numeric: true }, { title: 'RPO', numeric: true }],
        rows: objectives.map(({ title, rtoMs, rpoMs }) => [title, duration(rtoMs), duration(rpoMs)]),
      },
      listOr('Symptoms rehearsed', symptoms, 'The runbook names no symptoms.'),
      listOr('Assumptions', assumptions, 'The runbook states no assumptions.'),
      listOr('Success criteria', successCriteria, 'The runbook states no success criteria.'),
      facts({ 'sha256 of objectives and criteria, taken before the run': { code: criteriaSha256 } }),
    ],
  };
}

export function rolesSection({ roles, contacts }: DrillRecord): Section {
  return {
    number: 4,
    title: 'Roles',
    reference: 'Roles and contacts, as the runbook states them',
    blocks: [
      roles.length === 0
        ? { kind: 'empty', text: 'The runbook names no roles.' }
        : {
            kind: 'table',
            title: 'Roles (RACI), as the runbook states them',
            columns: ['Role', 'Responsibility', 'Contact'].map((title) => ({ title })),
            rows: roles.map(({ role, responsibility, contact }) => [role, capitalised(responsibility), contact]),
          },
      contacts.length === 0
        ? { kind: 'empty', text: 'The runbook names no emergency contacts.' }
        : {
            kind: 'table',
            title: 'Emergency contacts',
            columns: ['Role', 'Primary', 'Secondary', 'Escalation'].map((title) => ({ title })),
            rows: contacts.map(({ role, primary, secondary, escalation }) => [
              role,
              primary,
              secondary ?? 'none named',
              escalation ?? 'none named',
            ]),
          },
      {
        kind: 'text',
        text: 'A machine does not prove who was told and who decided: these lines come from the runbook.',
      },
    ],
  };
}

function listOr(title: string, items: string[], empty: string): Block {
  return items.length === 0 ? { kind: 'empty', text: empty } : { kind: 'list', title, items };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
