import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';

const heading = ` Findings of failed drills. Opened by the first run in which a check turned red, by \`firedrill quarterly\`; closed only by
 a green retest of the same drill. Owner, due and note are for people: edit them here, or by \`firedrill findings\`.`;

/** A finding as the file has it, by its keys; those that nobody here knows too. */
type Entry = Readonly<Record<string, unknown>> & { readonly id: string };

/**
 * The text of a register: `text` with what has changed in the findings, and those that are new at its end. What people
 * have written is left as it is: comments, order, keys that nobody here knows. Without a text, a new one.
 */
export function findingsText(text: string | undefined, findings: readonly Entry[]): string {
  const document = text === undefined ? newDocument() : parseDocument(text);
  const list = document.get('findings');
  if (!isSeq(list)) throw new Error('a register has a list of findings: it was validated before');
  // An empty list is written in one line; entries are not.
  list.flow = false;
  const known = new Map(list.items.filter(isMap).map((entry) => [entry.get('id'), entry]));
  for (const finding of findings) {
    const entry = known.get(finding.id);
    if (entry) mend(document, entry, finding);
    else list.items.push(document.createNode(finding));
  }
  return document.toString({ lineWidth: 120 });
}

function newDocument(): Document {
  const document = new Document({ schemaVersion: 1, findings: [] });
  document.commentBefore = heading;
  return document;
}

function mend(document: Document, entry: YAMLMap, finding: Entry): void {
  const before = entry.toJS(document) as Record<string, unknown>;
  for (const key of Object.keys(before)) if (finding[key] === undefined) entry.delete(key);
  for (const [key, value] of Object.entries(finding)) {
    if (value === undefined || isDeepStrictEqual(before[key], value)) continue;
    // A single value keeps the comment that stands behind it.
    entry.set(key, typeof value === 'object' ? document.createNode(value) : value);
  }
}
