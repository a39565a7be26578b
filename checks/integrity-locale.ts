import { finding, notApplicable, type Finding } from '../domain/finding.ts';
import type { DatabaseContent, DatabaseLocale } from '../domain/recovery.ts';

const fields = ['encoding', 'provider', 'locale', 'rules', 'collate', 'ctype'] as const;

/** `integrity.locale`: the database stores and sorts text as it did. */
export function judgeLocale({ format, locale: before }: DatabaseContent, { locale: now }: DatabaseContent): Finding {
  if (format === undefined || before === undefined) {
    const reason = 'the manifest of the backup does not say: it was made by an earlier version';
    return notApplicable('integrity.locale', 'the encoding and locale of the database', reason);
  }
  const differing = fields.filter((field) => before[field] !== now?.[field]);
  return finding('integrity.locale', differing.length === 0, {
    expected: inWords(before),
    actual: now === undefined ? 'not observed' : inWords(now),
    evidence: differing.map((field) => `${field}: ${now?.[field] ?? 'none'}, was ${before[field] ?? 'none'}`),
    recommendation:
      'Create the database with the encoding and locale of the source and restore again: text sorts otherwise, and rows may lie in the wrong partition.',
  });
}

function inWords({ encoding, provider, locale, collate }: DatabaseLocale): string {
  return `${encoding}, ${provider} ${locale ?? collate}`;
}
