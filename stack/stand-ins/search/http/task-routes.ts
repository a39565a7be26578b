import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import { apiTaskTypes, taskStatuses } from '../tasks/task-record.ts';
import { taskSummary, taskView } from '../tasks/task-view.ts';
import type { TaskQuery } from '../store/task-query.ts';
import { indexUidWords, isIndexUid, queryCount, queryFlag, queryList, queryNumbers } from './fields.ts';
import { accepted } from './index-routes.ts';
import { readQuery } from './input.ts';
import { ok, type Route } from './route.ts';

const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), {
    error: (issue) =>
      `\`${String(issue.input)}\` is an invalid date-time. It should follow the YYYY-MM-DD or RFC 3339 date-time format.`,
  })
  .transform((text) => new Date(text).toISOString());

const taskQuery = z.strictObject({
  limit: queryCount.optional(),
  from: queryCount.optional(),
  reverse: queryFlag.optional(),
  batchUids: queryNumbers.optional(),
  uids: queryNumbers.optional(),
  canceledBy: queryNumbers.optional(),
  types: oneOf(apiTaskTypes, (type, known) => `\`${type}\` is not a valid task type. Available types are ${known}.`),
  statuses: oneOf(
    taskStatuses,
    (status, known) => `\`${status}\` is not a valid task status. Available statuses are ${known}.`,
  ),
  indexUids: queryList
    .refine((uids) => uids.every((uid) => uid === '*' || isIndexUid(uid)), {
      error: (issue) => indexUidWords((issue.input as string[]).find((uid) => !isIndexUid(uid)) ?? ''),
    })
    .optional(),
  afterEnqueuedAt: instant.optional(),
  beforeEnqueuedAt: instant.optional(),
  afterStartedAt: instant.optional(),
  beforeStartedAt: instant.optional(),
  afterFinishedAt: instant.optional(),
  beforeFinishedAt: instant.optional(),
});

export const taskRoutes: Route[] = [
  {
    method: 'GET',
    url: '/tasks',
    action: 'tasks.get',
    handle({ query, access }, { data }) {
      const { limit = 20, indexUids, ...given } = readQuery(taskQuery, query, 'task');
      const wanted = indexUids && !indexUids.includes('*') ? indexUids : undefined;
      const visible = access.indexes.includes('*')
        ? wanted
        : (wanted ?? data.indexes.list().map(({ uid }) => uid)).filter((uid) => access.allows(uid));
      const { tasks, total } = data.tasks.find({
        ...withoutStars(given),
        ...(visible && { indexUids: visible }),
        limit,
      });
      const shown = tasks.slice(0, limit);
      const next = tasks.length > limit ? tasks.at(-1)?.uid : undefined;
      return ok({ results: shown.map(taskView), total, limit, from: shown[0]?.uid ?? null, next: next ?? null });
    },
  },
  {
    method: 'GET',
    url: '/tasks/:task',
    action: 'tasks.get',
    handle({ params: { task: text = '' }, access }, { data }) {
      if (!/^\d+$/.test(text)) {
        const words = `Invalid value in parameter \`uid\`: could not parse \`${text}\` as a positive integer`;
        throw new Refusal(400, 'invalid_task_uids', words);
      }
      const task = data.tasks.get(Number(text));
      if (!task || (task.indexUid !== null && !access.allows(task.indexUid))) {
        throw new Refusal(404, 'task_not_found', `Task \`${text}\` not found.`);
      }
      return ok(taskView(task));
    },
  },
  {
    method: 'POST',
    url: '/dumps',
    action: 'dumps.create',
    handle(_request, { data, scheduler }) {
      const content = { dumpCreation: { keys: data.keys.list(), instance_uid: null } };
      return accepted(
        taskSummary(scheduler.enqueue({ indexUid: null, content, details: { Dump: { dump_uid: null } } })),
      );
    },
  },
  {
    method: 'POST',
    url: '/snapshots',
    action: 'snapshots.create',
    handle: (_request, { scheduler }) =>
      accepted(taskSummary(scheduler.enqueue({ indexUid: null, content: 'snapshotCreation', details: null }))),
  },
];

/** A list of known values; `*` stands for all of them. */
function oneOf(known: readonly string[], words: (unknown: string, known: string) => string) {
  const listed = known.map((value) => `\`${value}\``).join(', ');
  const fits = (value: string): boolean => value === '*' || known.includes(value);
  return queryList
    .refine((values) => values.every(fits), {
      error: (issue) => words((issue.input as string[]).find((value) => !fits(value)) ?? '', listed),
    })
    .optional();
}

/** Leaves out what is absent, and lists that stand for everything. */
function withoutStars(query: Record<string, unknown>): Omit<TaskQuery, 'limit'> {
  const kept = Object.entries(query).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.includes('*')),
  );
  return Object.fromEntries(kept);
}
