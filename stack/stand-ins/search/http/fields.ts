import { z } from 'zod';

const uidWords = (uid: string): string =>
  `\`${uid}\` is not a valid index uid. Index uid can be an integer or a string containing only alphanumeric characters, hyphens (-) and underscores (_), and can not be more than 512 bytes.`;

export function isIndexUid(uid: string): boolean {
  return /^[\w-]{1,512}$/.test(uid);
}

export function indexUidWords(uid: string): string {
  return uidWords(uid);
}

/** The name of an index. */
export const indexUid = z.string().refine(isIndexUid, { error: (issue) => uidWords(String(issue.input)) });

/** A count in the query of a URL. */
export const queryCount = z
  .string()
  .refine((text) => /^\d+$/.test(text), {
    error: (issue) => `could not parse \`${String(issue.input)}\` as a positive integer`,
  })
  .transform(Number);

/** A truth value in the query of a URL. */
export const queryFlag = z
  .string()
  .refine((text) => text === 'true' || text === 'false', {
    error: (issue) => `could not parse \`${String(issue.input)}\` as a boolean, expected either \`true\` or \`false\``,
  })
  .transform((text) => text === 'true');

/** A list in the query of a URL, joined by commas. */
export const queryList = z.string().transform((text) => text.split(',').map((part) => part.trim()));

/** A list of numbers in the query of a URL. */
export const queryNumbers = queryList
  .refine((parts) => parts.every((part) => /^\d+$/.test(part)), {
    error: 'could not parse as a list of positive integers',
  })
  .transform((parts) => parts.map(Number));

/** Page of a list: where it begins and how long it is. */
export const pageQuery = { offset: queryCount.optional(), limit: queryCount.optional() };

export const count = z.int().nonnegative();
