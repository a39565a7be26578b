import { finding, type JudgedFinding } from '../domain/finding.ts';

/** `clean-up`: nothing of the run was found by its marks afterwards, and nothing went wrong on the way. */
export function judgeCleanUp(
  left: readonly { kind: string; name: string }[],
  problems: readonly string[],
): JudgedFinding {
  const errors = problems.length === 0 ? '' : `, ${problems.length} errors on the way`;
  return finding('clean-up', left.length === 0 && problems.length === 0, {
    expected: 'no process, container, volume, network, folder or port of the run is left',
    actual: `${left.length === 0 ? 'nothing' : left.length} left${errors}`,
    evidence: [...left.map(({ kind, name }) => `${kind} ${name}`), ...problems],
    recommendation: 'Run `firedrill clean`, and find out what the clean-up missed.',
  });
}
