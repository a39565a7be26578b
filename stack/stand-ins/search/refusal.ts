/** Kind of a refusal, as the API names it. */
export type RefusalType = 'invalid_request' | 'auth' | 'internal' | 'system';

/** Body of an answer that refuses, and error of a task that failed. */
export interface RefusalBody {
  message: string;
  code: string;
  type: RefusalType;
  link: string;
}

/**
 * An answer of the API that refuses, or the reason why a task failed. It is no `DrillError`: it is part of the protocol
 * that the stand-in speaks, with the codes that a real server answers.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly type: RefusalType;

  constructor(status: number, code: string, message: string, type: RefusalType = 'invalid_request') {
    super(message);
    this.status = status;
    this.code = code;
    this.type = type;
  }

  body(): RefusalBody {
    const { message, code, type } = this;
    return { message, code, type, link: `https://docs.meilisearch.com/errors#${code}` };
  }
}

/** What was not understood in a request: 400. */
export function badRequest(code: string, message: string): Refusal {
  return new Refusal(400, code, message);
}

export function indexNotFound(uid: string): Refusal {
  return new Refusal(404, 'index_not_found', `Index \`${uid}\` not found.`);
}

/**
 * The stand-in says so when it is asked for something that only a real server does; it never ignores a parameter that
 * would change the answer.
 */
export function notImplemented(what: string): Refusal {
  return new Refusal(
    501,
    'stand_in_not_implemented',
    `The built-in search stand-in does not implement ${what}.`,
    'internal',
  );
}

/** Any error as a refusal: one that is none becomes `internal`, with the words of the underlying error. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal(500, 'internal', error instanceof Error ? error.message : String(error), 'internal');
}
