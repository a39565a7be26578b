import type { Clock } from '../../../../domain/clock.ts';
import type { DataFolder } from '../store/data-folder.ts';
import type { Scheduler } from '../tasks/scheduler.ts';
import type { Access } from './access.ts';
import type { Action } from './actions.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request as routes see it. */
export interface Incoming {
  params: Record<string, string>;
  query: Record<string, unknown>;
  contentType: string | undefined;
  /** Empty when there is none. */
  body: Buffer;
  access: Access;
}

export interface Answer {
  status: number;
  /** JSON; none for an answer without a body. */
  body?: unknown;
}

/** What routes work with. */
export interface Service {
  data: DataFolder;
  scheduler: Scheduler;
  clock: Clock;
  masterKey: string | undefined;
}

export interface Route {
  method: Method;
  /** With `:uid` for the name of an index, which the key must be for. */
  url: string;
  /** None for a route that is open to all. */
  action?: Action;
  handle(request: Incoming, service: Service): Answer;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** A page of a list that is all in memory: lists of indexes and keys. */
export function paged(
  all: readonly unknown[],
  { offset = 0, limit = 20 }: { offset?: number | undefined; limit?: number | undefined },
): Answer {
  return ok({ results: all.slice(offset, offset + limit), offset, limit, total: all.length });
}
