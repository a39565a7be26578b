/**
 * What a plain HEAD answered, by `bucket/key`, then by header: those that belong to an object and outlive its restore.
 * Undefined for an object that is not there.
 */
export type HeadersByHttp = Record<string, Record<string, string> | undefined>;
