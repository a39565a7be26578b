/** A stretch of text, or of `code` between backticks. */
export interface InlinePart {
  text: string;
  code: boolean;
}

/** Splits text at the backticks that quote code; a backtick without its partner stays one. Control characters go. */
export function inlineParts(text: string): InlinePart[] {
  return clean(text)
    .split(/(`[^`\n]+`)/)
    .filter((part) => part !== '')
    .map((part) => (/^`[^`]+`$/.test(part) ? { text: part.slice(1, -1), code: true } : { text: part, code: false }));
}

/** Text without what a terminal or a browser would obey: control characters and marks that turn the direction. */
export function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are exactly the characters that must not be passed on
  return text.replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, '');
}
