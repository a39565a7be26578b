import { z } from 'zod';
import { durationPattern, parseDuration } from './duration.ts';

export const text = z.string().min(1, 'expected some text');

export const identifier = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected a name of small letters, digits and hyphens, like `database-loss`');

/** A duration as people write it; milliseconds once parsed. */
export const duration = z
  .string()
  .regex(durationPattern, 'expected a duration such as `45s`, `30m` or `2h`')
  .transform((written, context) => {
    const parsed = parseDuration(written);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: 'expected a duration longer than zero' });
    return z.NEVER;
  });
