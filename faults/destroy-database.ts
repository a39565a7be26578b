import type { Fault } from '../domain/fault.ts';
import { deleteData } from './delete-data.ts';

/** The database server dies at once and its data folder or volume is deleted: `deleteData` by a name of its own. */
export const destroyDatabase: Fault = {
  ...deleteData({ service: 'postgres' }),
  name: 'destroy-database',
  title: 'The database server is killed and its data deleted',
};
