import { finding, type Finding } from '../domain/finding.ts';

/** What a search server answers that may be lost: its health, and each index that should have documents. */
export interface SearchImpact {
  health: 'available' | 'no answer';
  indexes: { uid: string; givesDocument: boolean; givesHit: boolean }[];
}

/**
 * `search.impact`: the server is lost or its content is, asked by documents and queries: its health alone would say
 * nothing. Where every index still answers, there is nothing to recover, and the run is inconclusive.
 */
export function judgeSearchImpact(impact: SearchImpact): Finding {
  const answering = impact.indexes.filter(({ givesDocument, givesHit }) => givesDocument && givesHit);
  const isLost = impact.indexes.length > 0 && answering.length < impact.indexes.length;
  return finding('search.impact', isLost, {
    otherwise: 'inconclusive',
    expected: 'an index that gives no document or no hit',
    actual: sentence(impact),
    recommendation: 'Do not restore what still answers: find out what the symptoms come from.',
  });
}

/** How the damage was found. */
export interface DamageFound {
  impact: SearchImpact;
  /** The monitoring probe that asks for content, and whether it turned red. */
  probe: { name: string; isRed: boolean };
}

/**
 * `search.found-despite-health`: the server called itself available, and the damage was found all the same, by the
 * documents, by the queries and by the probe. Otherwise the run does not show that health is no proof: inconclusive.
 */
export function judgeFoundDespiteHealth({ impact, probe }: DamageFound): Finding {
  const { health, indexes } = impact;
  const isGone = indexes.length > 0 && indexes.every(({ givesDocument, givesHit }) => !givesDocument && !givesHit);
  return finding('search.found-despite-health', health === 'available' && isGone && probe.isRed, {
    otherwise: 'inconclusive',
    expected: `health available, no document, no hit, and the probe ${probe.name} red`,
    actual: `${sentence(impact)}; the probe ${probe.name} ${probe.isRed ? 'red' : 'green'}`,
    recommendation: 'Watch the search by a query whose hits are known, never by /health.',
  });
}

function sentence({ health, indexes }: SearchImpact): string {
  const told = indexes.map(
    ({ uid, givesDocument, givesHit }) =>
      `${uid} gives ${givesDocument ? 'documents' : 'no document'} and ${givesHit ? 'hits' : 'no hit'}`,
  );
  return [`health: ${health}`, ...(told.length > 0 ? told : ['no index to ask'])].join('; ');
}
