import { describe, expect, it } from 'vitest';
import { systemClock as clock } from '../domain/clock.ts';
import { waitUntil } from './wait.ts';

const never = async (): Promise<undefined> => undefined;

describe('waitUntil', () => {
  it('gives the first answer, and asks again after an error and after false', async () => {
    const answers: unknown[] = [new Error('refused'), undefined, false, 'ready'];
    let asked = 0;
    const probe = async (): Promise<string | undefined | false> => {
      const answer = answers[asked++];
      if (answer instanceof Error) throw answer;
      return answer as string | undefined | false;
    };
    await expect(waitUntil('search', 'an answer', probe, { timeoutMs: 5_000, clock })).resolves.toBe('ready');
    expect(asked).toBe(4);
  });

  it('names the service, what was waited for, how long, the last answer and the end of the log', async () => {
    const refused = async (): Promise<undefined> => {
      throw new Error('connection refused');
    };
    const logTail = async (): Promise<string> => 'first\nlast words';
    const waiting = waitUntil('postgres', 'an answer to SELECT 1', refused, {
      timeoutMs: 120,
      clock,
      logTail,
      role: 'staging',
    });
    await expect(waiting).rejects.toMatchObject({ name: 'DrillError', code: 'service-start' });
    await expect(waiting).rejects.toThrow(
      /^postgres \(staging\) did not start: expected an answer to SELECT 1, actual not within 1\d\dms; last answer: connection refused\nThe end of its log:\n {2}first\n {2}last words$/,
    );
  });

  it('says that the log is empty', async () => {
    const waiting = waitUntil('search', 'an answer', never, { timeoutMs: 20, clock, logTail: async () => '' });
    await expect(waiting).rejects.toThrow('Its log is empty.');
  });

  it('does not wait for a probe that never comes back, and tells it so', async () => {
    let told = false;
    const hangs = (signal: AbortSignal): Promise<undefined> => {
      signal.addEventListener('abort', () => (told = true));
      return new Promise(() => {});
    };
    await expect(waitUntil('objects', 'an answer', hangs, { timeoutMs: 50, clock })).rejects.toThrow('did not start');
    expect(told).toBe(true);
  });

  it('ends at once when the process has ended, and says how', async () => {
    const startedMs = clock.monotonicMs();
    const exited = Promise.resolve({ code: 78, signal: undefined });
    const waiting = waitUntil('search', 'an answer', never, { timeoutMs: 60_000, clock, exited });
    await expect(waiting).rejects.toThrow(/actual it exited with code 78 after \d/);
    const killed = Promise.resolve({ code: undefined, signal: 'SIGKILL' as const });
    const second = waitUntil('search', 'an answer', never, { timeoutMs: 60_000, clock, exited: killed });
    await expect(second).rejects.toThrow('it was ended by SIGKILL');
    expect(clock.monotonicMs() - startedMs).toBeLessThan(5_000);
  });

  it('ends at once when it is interrupted, before and during the wait', async () => {
    const controller = new AbortController();
    const waiting = waitUntil('api', 'an answer', never, { timeoutMs: 60_000, clock, signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
    const late = waitUntil('api', 'an answer', never, { timeoutMs: 60_000, clock, signal: controller.signal });
    await expect(late).rejects.toThrow(/^the start of api was interrupted/);
  });
});
