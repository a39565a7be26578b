import { existsSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { LedgerRun } from '../domain/ledger.ts';

/** Where the report of a run is, from a page: by the run's id, and by `run` with its number. */
export type ReportLinks = ReadonlyMap<string, string>;

/**
 * The reports of runs whose folder is at hand, for a page in a folder. A run whose folder was moved or removed has no
 * link: the page says elsewhere what is missing.
 */
export function reportLinks(
  runs: readonly Pick<LedgerRun, 'runId' | 'number' | 'folder'>[],
  { ledger, pageFolder }: { ledger: string; pageFolder: string },
): ReportLinks {
  return new Map(
    runs.flatMap(({ runId, number, folder }): [string, string][] => {
      const file = join(resolve(ledger, folder), 'report.html');
      if (!existsSync(file)) return [];
      const href = relative(resolve(pageFolder), file).split(sep).map(encodeURIComponent).join('/');
      return [
        [runId, href],
        [`run ${number}`, href],
      ];
    }),
  );
}
