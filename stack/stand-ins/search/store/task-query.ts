import type { SQLInputValue } from 'node:sqlite';

/** What `GET /tasks` is asked for. Lists are alternatives; instants are ISO 8601. */
export interface TaskQuery {
  uids?: number[];
  batchUids?: number[];
  statuses?: string[];
  types?: string[];
  indexUids?: string[];
  canceledBy?: number[];
  beforeEnqueuedAt?: string;
  afterEnqueuedAt?: string;
  beforeStartedAt?: string;
  afterStartedAt?: string;
  beforeFinishedAt?: string;
  afterFinishedAt?: string;
  /** First uid of the page. */
  from?: number;
  limit: number;
  /** Oldest first. */
  reverse?: boolean;
}

export interface TaskSelection {
  where: string;
  values: SQLInputValue[];
  page: { sql: string; values: SQLInputValue[] };
  order: 'ASC' | 'DESC';
}

const columns: [keyof TaskQuery, string][] = [
  ['uids', 'uid'],
  ['batchUids', `task ->> 'batchUid'`],
  ['statuses', 'status'],
  ['types', 'type'],
  ['indexUids', 'index_uid'],
  ['canceledBy', `task ->> 'canceledBy'`],
];

const instants: [keyof TaskQuery, string][] = [
  ['beforeEnqueuedAt', 'enqueued_at <'],
  ['afterEnqueuedAt', 'enqueued_at >'],
  ['beforeStartedAt', 'started_at <'],
  ['afterStartedAt', 'started_at >'],
  ['beforeFinishedAt', 'finished_at <'],
  ['afterFinishedAt', 'finished_at >'],
];

/** The SQL of a query: `where` selects all that match, `page` the part from the first uid on. */
export function selectionOf(query: TaskQuery): TaskSelection {
  const terms = ['1'];
  const values: SQLInputValue[] = [];
  for (const [name, column] of columns) {
    const list = query[name];
    if (!Array.isArray(list)) continue;
    terms.push(`${column} IN (SELECT value FROM json_each(?))`);
    values.push(JSON.stringify(list));
  }
  for (const [name, comparison] of instants) {
    const instant = query[name];
    if (typeof instant !== 'string') continue;
    terms.push(`${comparison} ?`);
    values.push(instant);
  }
  const order = query.reverse ? 'ASC' : 'DESC';
  const page =
    query.from === undefined
      ? { sql: '1', values: [] }
      : { sql: query.reverse ? 'uid >= ?' : 'uid <= ?', values: [query.from] };
  return { where: terms.join(' AND '), values, page, order };
}
