import { finding, type Finding } from '../domain/finding.ts';
import type { RolePasswordObservation } from '../domain/masking.ts';
import { evidenceOf } from './integrity-differences.ts';

/** Nobody can log in to the masked copy with a password of production. */
export function judgeRolePasswords(roles: readonly RolePasswordObservation[]): Finding {
  const shared = [...new Set(roles.filter(({ ofProduction }) => ofProduction).map(({ role }) => role))];
  return finding('masking.role-passwords', roles.length > 0 && shared.length === 0, {
    expected: 'no role of the copy with a password of production',
    actual: shared.length === 0 ? rolesInWords(roles) : `${shared.length} roles with one`,
    evidence: evidenceOf(shared.map((role) => `${role} opens the copy with its password of production`)),
    recommendation: 'Do not hand the copy over: give its roles passwords of their own, or none.',
    otherwise: roles.length === 0 ? 'inconclusive' : 'fail',
  });
}

/** What is to be told of the roles of a copy: `5 roles, 2 of them with a password, none with one of production`. */
export function rolesInWords(roles: readonly RolePasswordObservation[]): string {
  const names = (all: readonly RolePasswordObservation[]): number => new Set(all.map(({ role }) => role)).size;
  const shared = names(roles.filter(({ ofProduction }) => ofProduction));
  const withPassword = names(roles.filter(({ hasPassword }) => hasPassword));
  return `${names(roles)} roles, ${withPassword} of them with a password, ${shared === 0 ? 'none' : shared} with one of production`;
}
