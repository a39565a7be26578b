import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import { S3Error } from './errors.ts';

/** An element of an answer: its name, then its children in their order, or its text. */
export type XmlElement = readonly [name: string, content: readonly XmlElement[] | string | number | boolean];

/** What was read: text, or elements by name; an element that occurs twice is a list. */
export type XmlValue = string | XmlValue[] | { [name: string]: XmlValue };

type OrderedNode = Record<string, unknown>;

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

const namedMarks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text passes through as it is: keys may start with a space or look like a number. */
const parser = new XMLParser({ parseTagValue: false, trimValues: false, htmlEntities: true, removeNSPrefix: true });

const builder = new XMLBuilder({
  preserveOrder: true,
  ignoreAttributes: false,
  suppressEmptyNode: false,
  processEntities: false,
  tagValueProcessor: (_name, value) => escapeText(String(value)),
});

/** An XML document whose elements stand in the order given; S3 mixes versions and delete markers, so order matters. */
export function buildXml([name, content]: XmlElement, { withNamespace = true } = {}): string {
  const declaration = { '?xml': [{ '#text': '' }], ':@': { '@_version': '1.0', '@_encoding': 'UTF-8' } };
  const root = { ...orderedNode([name, content]), ...(withNamespace && { ':@': { '@_xmlns': namespace } }) };
  return builder.build([declaration, root]);
}

/** Reads the document whose root is `root`; throws `MalformedXML` when it is none. */
export function parseXml(text: string, root: string): { [name: string]: XmlValue } {
  if (XMLValidator.validate(text) !== true) throw new S3Error('MalformedXML');
  let document: Record<string, XmlValue>;
  try {
    document = parser.parse(text) as Record<string, XmlValue>;
  } catch {
    throw new S3Error('MalformedXML');
  }
  const value = document[root];
  if (value === '') return {};
  if (value === undefined || typeof value === 'string' || Array.isArray(value)) throw new S3Error('MalformedXML');
  return value;
}

/** The elements of that name, one or many, as a list. Space between elements is not one. */
export function childrenOf(value: XmlValue | undefined, name: string): XmlValue[] {
  if (value === undefined || typeof value === 'string' || Array.isArray(value)) return [];
  const child = value[name];
  if (child === undefined) return [];
  return Array.isArray(child) ? child : [child];
}

/** The text of the first element of that name; `undefined` when it is not there or holds elements. */
export function textOf(value: XmlValue | undefined, name: string): string | undefined {
  const [child] = childrenOf(value, name);
  return typeof child === 'string' ? child : undefined;
}

function orderedNode([name, content]: XmlElement): OrderedNode {
  if (typeof content === 'object') return { [name]: content.map(orderedNode) };
  return { [name]: content === '' ? [] : [{ '#text': String(content) }] };
}

/** Control characters become references, which keeps a key with a line feed in it readable. */
function escapeText(text: string): string {
  return text.replaceAll(/[&<>"\p{Cc}]/gu, (mark) => namedMarks[mark] ?? `&#x${mark.charCodeAt(0).toString(16)};`);
}
