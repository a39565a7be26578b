import { clean, inlineParts } from './text.ts';

/**
 * Text for a place in Markdown where it must stay text: no markup, no link, no HTML. Code between backticks stays code.
 * Line breaks become spaces. In a cell of a table, code may not hold the border of the cell either.
 */
export function markdownText(text: string, inCell = false): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ');
  const escaped = inlineParts(line).map((part) =>
    part.code ? markdownCode(part.text, inCell) : escapeWords(part.text),
  );
  return escaped.join('').replace(/^(\s*)([#>+=-]|\d+[.)](?=\s))/, escapeFirst);
}

/** A code span that holds the text, whatever backticks are in it. Only a cell of a table unescapes its border again. */
export function markdownCode(text: string, inCell = false): string {
  const line = clean(text)
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', inCell ? String.raw`\|` : '|');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

function escapeWords(text: string): string {
  return text
    .replaceAll(/[\\`*[\]|~]/g, String.raw`\$&`)
    .replaceAll(/&(?=#?\w+;)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/(?<!\w)_|_(?!\w)/g, String.raw`\_`);
}

/** What would begin a heading, a quotation or a list at the start of a line. */
function escapeFirst(_match: string, space: string, sign: string): string {
  return /^\d/.test(sign) ? `${space}${sign.slice(0, -1)}\\${sign.slice(-1)}` : `${space}\\${sign}`;
}
