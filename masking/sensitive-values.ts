/** Secrets that have a shape of their own, each anywhere in a value. */
const shapes: readonly RegExp[] = [
  // Hashes of passwords: bcrypt, argon2, scrypt, PBKDF2, those of crypt(3), LDAP's, PostgreSQL's own.
  /\$2[abxy]?\$\d\d\$[./A-Za-z\d]{53}/,
  /\$(argon2(id|i|d)|scrypt|pbkdf2[\w-]*|s0|7|y|gy|1|5|6)\$\S{20,}/,
  /\bpbkdf2_sha\d+\$\d+\$/,
  /^\{(SSHA|SHA|SMD5|CRYPT|ARGON2|PBKDF2)[\w-]*\}/i,
  /SCRAM-SHA-\d+\$\d+:/,
  /^md5[\da-f]{32}$/,
  // Tokens and keys: JSON web tokens, PEM, and those of well-known issuers.
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(sk|rk|whsec)_(live|test)?_?[A-Za-z\d]{16,}/,
  /\b(gh[opsur]_[A-Za-z\d]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|xox[abeprs]-[\w-]{10,}|npm_[A-Za-z\d]{30,})/,
  /\b(AKIA|ASIA)[A-Z\d]{16}\b/,
  /\bAIza[\w-]{35}/,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/,
  /AGE-SECRET-KEY-1[A-Z\d]{50,}/,
  /\b[a-z][a-z\d+.-]*:\/\/[^\s/:@]+:[^\s/@]+@/i,
];

/** True for a value that is a secret by its shape, or a token by how its characters change at random. */
export function looksLikeSecret(value: string): boolean {
  if (shapes.some((shape) => shape.test(value))) return true;
  return value.split(/[\s"',;()[\]{}<>]+/).some(isRandomToken);
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const shortestToken = 20;
const shareOfRuns = 0.2;

/**
 * Letters and digits that change again and again between small, capital and digit, whatever stands between them: nobody
 * writes such a word. Not an instant, an address of a file or of the network, or a UUID, which names something and opens
 * nothing.
 */
function isRandomToken(text: string): boolean {
  if (text.length < shortestToken || !/^[\w+/=-]+$/.test(text) || uuid.test(text)) return false;
  const runs = text.replaceAll(/[^A-Za-z\d]/g, '').match(/\d+|[A-Z]+|[a-z]+/g) ?? [];
  const ofDigits = runs.filter((run) => /\d/.test(run)).length;
  return ofDigits >= 2 && ofDigits < runs.length && runs.length >= shareOfRuns * text.length;
}

const word = String.raw`\p{L}[\p{L}\p{M}'’-]+`;
const prose = new RegExp(`(${word}[,;:]?\\s+){7}${word}`, 'u');
const sentence = new RegExp(`(${word}[,;:]?\\s+){3,}${word}[.!?…](\\s|$)`, 'u');

/** True for what reads as something that somebody wrote: eight words in a row, or four and the end of a sentence. */
export function looksLikeProse(value: string): boolean {
  return prose.test(value) || sentence.test(value);
}

/** Every text inside a value as `to_jsonb` gives it: of JSON, arrays and compound types each text and key by itself. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
}
