import { connect } from 'node:net';
import type { PostgresServer, Stack } from '../domain/service.ts';

/** What was asked from outside, and whether the answer is that of a database that is gone. */
export interface DestructionObservation {
  question: string;
  expected: string;
  actual: string;
  bitten: boolean;
}

/** The database server dies at once and its data folder or volume is deleted. */
export const destroyDatabase = {
  name: 'destroy-database',
  title: 'The database server is killed and its data deleted',

  async inject({ postgres }: Stack): Promise<void> {
    await postgres.kill();
    await postgres.deleteData();
  },

  async observe({ postgres }: Stack): Promise<DestructionObservation[]> {
    const [running, data, port] = await Promise.all([
      postgres.isRunning(),
      postgres.dataExists(),
      portAnswers(postgres),
    ]);
    return [
      observation('Does the database server run?', 'no', running ? 'yes' : 'no'),
      observation('Is its data there?', 'no', data ? 'yes' : 'no'),
      observation('Is a connection accepted?', 'no', port ? 'yes' : 'no'),
    ];
  },

  /** The destroyed server stays destroyed: recovery provisions a new one. Deleting again what is deleted does no harm. */
  async lift({ postgres }: Stack): Promise<void> {
    if (await postgres.isRunning()) return;
    await postgres.deleteData();
  },
};

function observation(question: string, expected: string, actual: string): DestructionObservation {
  return { question, expected, actual, bitten: actual === expected };
}

async function portAnswers({ connection: { host, port } }: PostgresServer): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, timeout: 1_000 });
  socket.once('connect', () => resolve(true));
  socket.once('timeout', () => resolve(false));
  socket.once('error', () => resolve(false));
  const answers = await promise;
  socket.destroy();
  return answers;
}
