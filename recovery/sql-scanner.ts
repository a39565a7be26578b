/**
 * Follows SQL text line by line and knows whether a line ends inside a quoted text, a quoted name, a dollar-quoted body
 * or a comment. What looks like a statement or a header inside of one is none.
 * Lexical rules: https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export class SqlScanner {
  /** `'`, `E` (a text with backslash escapes), `"`, `/*` or a dollar tag such as `$body$`; empty outside of all. */
  #inside = '';
  #commentDepth = 0;
  readonly #backslashEscapes: boolean;

  /** `backslashEscapes`: plain quoted texts have them too (standard_conforming_strings is off). */
  constructor({ backslashEscapes = false } = {}) {
    this.#backslashEscapes = backslashEscapes;
  }

  /** Whether the text so far ends outside of every quotation and comment. */
  get atTop(): boolean {
    return this.#inside === '';
  }

  /** Takes the next line, without or with its line feed. */
  push(line: string): void {
    let at = 0;
    while (at < line.length) at = this.#inside === '' ? this.#enter(line, at) : this.#leave(line, at);
  }

  /** Looks for the next beginning of a quotation or comment; gives the place behind it. */
  #enter(line: string, from: number): number {
    opening.lastIndex = from;
    const match = opening.exec(line);
    if (match === null) return line.length;
    const [found] = match;
    if (found === '--') return line.length;
    if (found === '/*') this.#commentDepth = 1;
    // A name that ends in e has no quote at once behind it, so what the expression found is the prefix of a text.
    this.#inside = /^e'$/i.test(found) ? 'E' : found === "'" && this.#backslashEscapes ? 'E' : found;
    return match.index + found.length;
  }

  /** Looks for the end of what the scanner is in; gives the place behind it, or the end of the line. */
  #leave(line: string, from: number): number {
    if (this.#inside === '/*') return this.#leaveComment(line, from);
    if (this.#inside === 'E') {
      for (let at = from; at < line.length; at += 1) {
        if (line[at] === '\\') at += 1;
        else if (line[at] === "'") return this.#close(at + 1);
      }
      return line.length;
    }
    // A doubled quote is read as an end and a new beginning, which comes to the same.
    const end = line.indexOf(this.#inside, from);
    return end === -1 ? line.length : this.#close(end + this.#inside.length);
  }

  #leaveComment(line: string, from: number): number {
    commentMarks.lastIndex = from;
    const match = commentMarks.exec(line);
    if (match === null) return line.length;
    this.#commentDepth += match[0] === '/*' ? 1 : -1;
    return this.#commentDepth === 0 ? this.#close(match.index + 2) : match.index + 2;
  }

  #close(at: number): number {
    this.#inside = '';
    return at;
  }
}

/**
 * Beginnings: a comment, a name or text in quotes, a text with escapes, a dollar tag. A dollar inside a name, and a
 * number such as $1, begin nothing.
 */
const opening =
  /--|\/\*|(?<![\w$\u0080-\uffff])[eE]'|'|"|(?<![\w$\u0080-\uffff])\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/g;
const commentMarks = /\/\*|\*\//g;
