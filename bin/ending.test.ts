import { execa } from '../programs/execa.ts';
import { expect, test } from 'vitest';
import { join } from 'node:path';

const module = JSON.stringify(join(import.meta.dirname, 'ending.ts'));

/** A command of a few lines; it says `ready` and stays. */
function command(code: string) {
  const begin = `const { endInOrder, listenForEndings } = await import(${module}); listenForEndings();`;
  const args = ['--input-type=module', '-e', `${begin} ${code}`];
  return execa(process.execPath, args, { reject: false });
}

/** Resolves when it has said so. Its output is only listened to: who stops reading it would end it. */
function ready(running: ReturnType<typeof command>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  running.stdout.on('data', (chunk: Buffer) => chunk.includes('ready') && resolve());
  return promise;
}

const stay = `console.log('ready'); setInterval(() => {}, 1_000);`;

test.for([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('a command that holds nothing ends at once by %s, and says so', async ([signal, exitCode]) => {
  const running = command(stay);
  await ready(running);
  running.kill(signal);
  expect(await running).toMatchObject({ exitCode, stderr: `firedrill: ended by ${signal}` });
});

test('what is to be put away is put away, whoever else listens, and a second signal changes nothing', async () => {
  const work = `
    await endInOrder(async (ending) => {
      // As the test runner, and libraries that start programs: they would end the process.
      process.once('SIGTERM', () => process.exit(7));
      process.on('SIGTERM', () => process.kill(process.pid, 'SIGKILL'));
      const beat = setInterval(() => {}, 1_000);
      console.log('ready');
      await new Promise((resolve) => ending.addEventListener('abort', resolve));
      process.kill(process.pid, 'SIGTERM');
      await new Promise((resolve) => setTimeout(resolve, 300));
      clearInterval(beat);
      console.error('put away');
    });
    process.exitCode = 0;`;
  const running = command(work);
  await ready(running);
  running.kill('SIGTERM');
  const { exitCode, stderr } = await running;
  expect(exitCode, stderr).toBe(143);
  expect(stderr).toBe('firedrill: SIGTERM: ending in order and clearing away; this takes some seconds\nput away');
});

test('a reader that has seen enough ends it without a stack', async () => {
  const running = command(`setInterval(() => console.log('line'), 20); console.log('ready');`);
  await ready(running);
  running.stdout.destroy();
  expect(await running).toMatchObject({ exitCode: 141, stderr: '' });
});

test('a terminal gets its cursor back', async () => {
  const running = command(`process.stdout.isTTY = true; ${stay}`);
  const shown: string[] = [];
  running.stdout.on('data', (chunk: Buffer) => shown.push(chunk.toString('utf8')));
  await ready(running);
  running.kill('SIGINT');
  expect((await running).exitCode).toBe(130);
  expect(shown.join('')).toContain('\u001B[?25h');
});

test('a command that was started by another one is told, and has all the time that it needs', async () => {
  // Longer than the five seconds after which the library that starts it would kill it.
  const slow = `process.on('SIGTERM', () => setTimeout(() => { console.error('cleared'); process.exit(9); }, 5_500));`;
  const work = `
    const { passOn } = await import(${module});
    const { execa } = await import('execa');
    await endInOrder(async (ending) => {
      const child = execa(process.execPath, ['-e', ${JSON.stringify(`${slow} ${stay}`)}], {
        stdio: 'inherit',
        reject: false,
      });
      passOn(ending, child);
      console.error('child ended with ' + (await child).exitCode);
    });`;
  const running = command(work);
  await ready(running);
  running.nodeChildProcess.kill('SIGTERM');
  const { exitCode, stderr } = await running;
  expect(stderr).toMatch(/ending in order.*\ncleared\nchild ended with 9$/);
  expect(exitCode).toBe(143);
});
