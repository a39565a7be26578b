/** A piece of a masking template: text as it is, or the value of a column of the same row. */
export type TemplatePart = { text: string } | { column: string };

/**
 * Takes a template apart. `{name}` stands for a column; braces around anything with a quote, a brace, a comma or a
 * colon are text, so that `{}` and JSON can be templates too.
 */
export function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const match of template.matchAll(/\{([^{}",:]+)\}/g)) {
    if (match.index > from) parts.push({ text: template.slice(from, match.index) });
    parts.push({ column: match[1]! });
    from = match.index + match[0].length;
  }
  if (from < template.length) parts.push({ text: template.slice(from) });
  return parts;
}

/** Columns that a template names, each once. */
export function templateColumns(template: string): string[] {
  return [...new Set(parseTemplate(template).flatMap((part) => ('column' in part ? [part.column] : [])))];
}
