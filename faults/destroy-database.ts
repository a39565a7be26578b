import type { Fault, FaultObservation } from '../domain/fault.ts';
import type { Stack } from '../domain/service.ts';
import { takesConnections } from './ask.ts';
import { observation } from './observation.ts';

/** The database server dies at once and its data folder or volume is deleted. */
export const destroyDatabase: Fault = {
  name: 'destroy-database',
  title: 'The database server is killed and its data deleted',

  async inject({ postgres }: Stack): Promise<void> {
    await postgres.kill();
    await postgres.deleteData();
  },

  async observe({ postgres }: Stack): Promise<FaultObservation[]> {
    const [running, data, port] = await Promise.all([
      postgres.isRunning(),
      postgres.dataExists(),
      takesConnections(postgres.connection),
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
