/** Settings of a session as the `options` of a connection string: `-c synchronous_commit=off -c jit=off`. */
export function sessionOptions(settings: string): string {
  const assignments = [...settings.matchAll(/SET (\w+) = '?([^';]+)'?;?/g)];
  return assignments.map(([, name, value]) => `-c ${name}=${(value ?? '').trim()}`).join(' ');
}

/**
 * The order of the ways in a round: every way begins as often as every other, and comes as often before another as after
 * it, over as many rounds as there are rotations, forwards and backwards.
 */
export function orderOf(round: number, ways: number): number[] {
  const start = Math.floor(round / 2) % ways;
  const forwards = Array.from({ length: ways }, (_, turn) => (start + turn) % ways);
  return round % 2 === 0 ? forwards : forwards.toReversed();
}
