import { finding, type Finding } from '../domain/finding.ts';
import { countWords } from './words.ts';

/** `objects.keeps-versions`: every bucket keeps the versions that the runbook restores from. */
export function judgeKeepsVersions(buckets: readonly { bucket: string; versioning: string }[]): Finding {
  const without = buckets.filter(({ versioning }) => versioning !== 'Enabled');
  return finding('objects.keeps-versions', buckets.length > 0 && without.length === 0, {
    expected: 'versioning Enabled in every bucket',
    actual:
      without.length === 0
        ? `Enabled in ${buckets.length} buckets`
        : `nothing to restore from: ${without.map(({ bucket, versioning }) => `${bucket} ${versioning}`).join(', ')}`,
    evidence: without.slice(0, 20).map(({ bucket, versioning }) => `${bucket}: versioning ${versioning}`),
    recommendation: 'Turn versioning on now: it brings back only what is overwritten from then on.',
  });
}

export interface ScopeComparison {
  /** `bucket/key` of all that the fault has hit and nobody has written since. */
  hit: readonly string[];
  /** Likewise of all that was found damaged. */
  found: readonly string[];
}

/** `objects.scope`: what was found by checksums is what was hit, no less and no more. */
export function judgeScope({ hit, found }: ScopeComparison): Finding {
  const [isHit, isFound] = [new Set(hit), new Set(found)];
  const overlooked = hit.filter((name) => !isFound.has(name));
  const whole = found.filter((name) => !isHit.has(name));
  return finding('objects.scope', hit.length > 0 && overlooked.length + whole.length === 0, {
    expected: `the ${countWords(Math.max(hit.length, 1))} objects that were hit`,
    actual: `${countWords(found.length)} found, ${overlooked.length} overlooked, ${whole.length} that were not hit`,
    evidence: [
      ...overlooked.map((name) => `${name} was hit and not found`),
      ...whole.map((name) => `${name} was found and not hit`),
    ].slice(0, 20),
    recommendation: 'Keep a checksum of every object outside the store: a scope that is guessed leaves damage behind.',
  });
}

export interface VersionsRestored {
  damaged: number;
  copied: number;
  undeleted: number;
  /** Written by the application since the damage was found, and left as they are. */
  kept: number;
  lost: readonly { name: string; reason: string }[];
}

/** `objects.versions-restored`: each damaged object is back from its version, or newer than the damage. */
export function judgeVersionsRestored({ damaged, copied, undeleted, kept, lost }: VersionsRestored): Finding {
  const accounted = copied + undeleted + kept === damaged;
  return finding('objects.versions-restored', damaged > 0 && accounted && lost.length === 0, {
    expected: `${countWords(Math.max(damaged, 1))} damaged objects back, or newer than the damage`,
    actual: `${copied} put back from their versions, ${undeleted} no longer deleted, ${kept} newer and kept, ${lost.length} lost`,
    evidence: lost.slice(0, 20).map(({ name, reason }) => `${name} is lost: ${reason}`),
    recommendation: 'Restore what is lost from the backup of the objects, and keep versions for longer.',
  });
}

export interface NewerObjects {
  newer: number;
  /** `bucket/key` of those that are not as they were written. */
  changed: readonly string[];
}

/** `objects.newer-kept`: what users wrote after the damage is as they wrote it, and was not rolled back. */
export function judgeNewerKept({ newer, changed }: NewerObjects): Finding {
  return finding('objects.newer-kept', newer > 0 && changed.length === 0, {
    expected: `${Math.max(newer, 1)} objects as they were written after the damage`,
    actual: changed.length === 0 ? `${newer} kept` : `${changed.length} of ${newer} are not`,
    evidence: changed.slice(0, 20),
    recommendation: 'Restore object by object what is damaged; never roll a whole bucket back to an instant.',
  });
}
