import type { Fault } from '../domain/fault.ts';
import { clockOff } from './clock-off.ts';
import { cutNetwork } from './cut-network.ts';
import { databaseGarbage } from './database-garbage.ts';
import { deleteData } from './delete-data.ts';
import { destroyDatabase } from './destroy-database.ts';
import { diskFull } from './disk-full.ts';
import { hangService } from './hang-service.ts';
import { killService } from './kill-service.ts';
import { lostConnections } from './lost-connections.ts';
import { refuseConnections } from './refuse-connections.ts';
import { revokeCredentials } from './revoke-credentials.ts';
import { searchGarbageAtRest } from './search-garbage-at-rest.ts';
import { searchGarbage } from './search-garbage.ts';
import { slowNetwork } from './slow-network.ts';
import { struckServices, type StruckService, type Target } from './target.ts';

/** A fault that a drill can declare, before it is said which service it strikes. */
export interface FaultKind {
  /** Name of its file, and the beginning of the fault's own name. */
  name: string;
  title: string;
  /** The services that it can strike. */
  strikes: readonly StruckService[];
  /** Whether a proxy of the run must stand between the service and its clients (`startServiceProxy`). */
  throughProxy: boolean;
  /** Absent for one that must be told more than a service, such as the bucket to damage. */
  make?: (target: Target) => Fault;
}

const stores = struckServices.filter((service) => service !== 'api');

/** All faults of the project, by name. */
export const faultKinds: readonly FaultKind[] = [
  {
    name: 'clock-off',
    title: 'The clock of the service is off',
    strikes: struckServices,
    throughProxy: false,
    make: (target) => clockOff(target),
  },
  {
    name: 'cut-network',
    title: 'The service has no network: its container is disconnected; a local process is refused by the proxy',
    strikes: struckServices,
    throughProxy: true,
    make: cutNetwork,
  },
  {
    name: 'damage-objects',
    title: 'A share of the objects is overwritten with garbage, others are deleted',
    strikes: ['objects'],
    throughProxy: false,
  },
  {
    name: 'database-garbage',
    title: databaseGarbage.title,
    strikes: ['postgres'],
    throughProxy: false,
    make: () => databaseGarbage,
  },
  {
    name: 'delete-data',
    title: 'The service is killed and its data deleted',
    strikes: stores,
    throughProxy: false,
    make: deleteData,
  },
  {
    name: 'destroy-database',
    title: destroyDatabase.title,
    strikes: ['postgres'],
    throughProxy: false,
    make: () => destroyDatabase,
  },
  {
    name: 'disk-full',
    title: 'The disk of the service is full',
    strikes: stores,
    throughProxy: false,
    make: diskFull,
  },
  {
    name: 'hang-service',
    title: 'The service takes connections and never answers',
    strikes: struckServices,
    throughProxy: false,
    make: hangService,
  },
  {
    name: 'kill-service',
    title: 'The service is killed; its data stay',
    strikes: struckServices,
    throughProxy: false,
    make: killService,
  },
  {
    name: 'lose-everything',
    title: 'Every store dies and loses its data, every process of the application dies',
    strikes: struckServices,
    throughProxy: false,
  },
  {
    name: 'lost-connections',
    title: 'Connections to the service are lost before an answer comes',
    strikes: struckServices,
    throughProxy: true,
    make: lostConnections,
  },
  {
    name: 'refuse-connections',
    title: 'The service runs, but connections to it are refused',
    strikes: struckServices,
    throughProxy: true,
    make: refuseConnections,
  },
  {
    name: 'revoke-credentials',
    title: 'The credentials that clients of the service have are revoked',
    strikes: stores,
    throughProxy: false,
    make: revokeCredentials,
  },
  {
    name: 'search-garbage',
    title: searchGarbage.title,
    strikes: ['search'],
    throughProxy: false,
    make: () => searchGarbage,
  },
  {
    name: 'search-garbage-at-rest',
    title: searchGarbageAtRest.title,
    strikes: ['search'],
    throughProxy: false,
    make: () => searchGarbageAtRest,
  },
  {
    name: 'slow-network',
    title: 'The network to the service is slow',
    strikes: struckServices,
    throughProxy: true,
    make: (target) => slowNetwork(target),
  },
];
