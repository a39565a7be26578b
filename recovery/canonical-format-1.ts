/**
 * The text of a definition on one line, as manifests of format 1 have it: line feeds are collapsed, those inside of a
 * function's body too. Only for holding a database against such a manifest.
 */
export function canonicalFormat1(definition: string): string {
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
