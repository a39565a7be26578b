import { DrillError } from '../domain/drill-error.ts';

/** What failed by itself comes before what failed because of it: the tool's input before the tool before its output. */
const causesFirst = ['backup-invalid', 'decryption-failed', 'backup-missing', 'service-unreachable', 'tool-failed'];

/**
 * Waits for all parts of one work. When one fails, `abort` is called, so that the others end, and after all have ended
 * the failure that explains the others is thrown. A failing tool becomes a `restore-failed`.
 */
export async function allOrFirstFailure<T extends readonly unknown[]>(
  parts: readonly [...{ [K in keyof T]: Promise<T[K]> }],
  abort: (reason: unknown) => void,
): Promise<T> {
  const failures: unknown[] = [];
  const settled = await Promise.allSettled(
    parts.map(async (part) => {
      try {
        return await part;
      } catch (error) {
        failures.push(error);
        abort(error);
        throw error;
      }
    }),
  );
  if (failures.length > 0) throw explain(failures);
  return settled.map((result) => (result.status === 'fulfilled' ? result.value : undefined)) as unknown as T;
}

function explain(failures: readonly unknown[]): unknown {
  const known = failures.filter((failure) => failure instanceof DrillError);
  for (const code of causesFirst) {
    const failure = known.find((candidate) => candidate.code === code);
    if (failure) return code === 'tool-failed' ? asRestoreFailed(failure) : failure;
  }
  return failures[0];
}

function asRestoreFailed({ facts }: DrillError): DrillError {
  return new DrillError({ ...facts, code: 'restore-failed' });
}
