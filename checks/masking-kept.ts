import { finding, type Finding } from '../domain/finding.ts';
import type { KeptColumnObservation } from '../domain/masking.ts';
import { evidenceOf } from './integrity-differences.ts';

/** From this share of a column's values on that read as written by people, it is one of free text. */
const shareOfProse = 0.1;

/**
 * What looks like a secret or like free text, by its name or by its values, is kept only where the policy says why. One
 * secret is enough.
 */
export function judgeKept(columns: readonly KeptColumnObservation[]): Finding {
  const unexplained = columns.flatMap((column) => {
    const why = column.reason === undefined ? whySensitive(column) : undefined;
    return why === undefined ? [] : [`${column.place}: ${why}`];
  });
  const explained = columns.filter(({ reason }) => reason !== undefined).length;
  return finding('masking.kept', unexplained.length === 0, {
    expected: 'what looks like a secret or like free text is masked, or kept for a reason that the policy gives',
    actual:
      unexplained.length === 0
        ? `${columns.length} kept columns that can hold text, ${explained} of them with a reason`
        : `${unexplained.length} kept without one`,
    evidence: evidenceOf(unexplained),
    recommendation: 'Mask these columns, or write into the policy why they may be kept: `{ keep: reason }`.',
  });
}

function whySensitive({ byName, values, secrets, proseTexts }: KeptColumnObservation): string | undefined {
  if (byName !== undefined) return `by its name it holds ${byName === 'secret' ? 'a secret' : 'free text'}`;
  // Written so that counts that are no numbers are not taken for none.
  if (!(secrets <= 0)) return `${secrets} of ${values} values in a sample look like secrets`;
  if (!(values <= 0 || proseTexts < shareOfProse * values))
    return `${proseTexts} of ${values} values in a sample read as free text`;
  return undefined;
}
