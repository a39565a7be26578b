/** Whether the engine answered that the thing is not there (HTTP 404). */
export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404;
}

/**
 * Whether the engine answered that the thing is in the wanted state already: 304 (not modified), or 409 for a
 * container that does not run or is being removed.
 */
export function isAlreadySo(error: unknown): boolean {
  const status = statusOf(error);
  return status === 304 || status === 409;
}

function statusOf(error: unknown): unknown {
  return error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
}
