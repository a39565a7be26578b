/**
 * The text of a definition as it is after a dump and a restore, on one line. The server prints an expression by what
 * it has parsed, and one of its prints parses differently from what it was made of: `x IN ('a', 'b')` on a varchar
 * column is printed `(ARRAY['a'::character varying, …])::text[]`, and that is read back as
 * `ARRAY[('a'::character varying)::text, …]`. The first form is turned into the second; both mean the same.
 */
export function canonicalDefinition(definition: string): string {
  return definition
    .replace(castArray, castElements)
    .replaceAll(/\s*\n\s*/g, ' ')
    .trimEnd();
}

/** `(ARRAY[…])::type[]` whose elements hold quoted texts and no bracket. */
const castArray = /\(ARRAY\[((?:[^[\]']|'(?:[^']|'')*')*)\]\)::((?:"(?:[^"]|"")*"|[\w .])+)\[\]/g;

function castElements(_match: string, elements: string, type: string): string {
  const cast = splitElements(elements).map((element) => `(${element})::${type}`);
  return `ARRAY[${cast.join(', ')}]`;
}

function splitElements(elements: string): string[] {
  return (
    elements.match(/(?:[^,'()]|'(?:[^']|'')*'|\((?:[^()']|'(?:[^']|'')*')*\))+/g)?.map((element) => element.trim()) ??
    []
  );
}
