import { describe, expect, it } from 'vitest';
import { unlessAborted, withinTime } from './within-time.ts';

const never = new Promise<string>(() => undefined);

describe('withinTime', () => {
  it('gives what came in time, and the error of work that failed', async () => {
    expect(await withinTime(Promise.resolve('here'), 1_000, 'it')).toBe('here');
    await expect(withinTime(Promise.reject(new Error('broken')), 1_000, 'it')).rejects.toThrow('broken');
  });

  it('names what did not answer', async () => {
    await expect(withinTime(never, 10, 'the engine')).rejects.toThrow('the engine did not answer within 10 ms');
  });
});

describe('unlessAborted', () => {
  it('gives what came before the abort', async () => {
    expect(await unlessAborted(Promise.resolve('here'), new AbortController().signal, 'it')).toBe('here');
  });

  it.each(['before', 'during'])('is interrupted by an abort %s the work', async (when) => {
    const abort = new AbortController();
    if (when === 'before') abort.abort();
    const work = unlessAborted(never, abort.signal, 'the pull');
    abort.abort();
    await expect(work).rejects.toMatchObject({ code: 'interrupted', facts: { what: 'the pull was interrupted' } });
  });
});
