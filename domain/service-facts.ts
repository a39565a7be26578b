import type { StruckService } from './fault.ts';

/** What the operating system or the container engine shows of a service. */
export interface SeenService {
  /** What runs in its place, each named so that it cannot be mistaken for a later one. */
  processes: string[];
  /** All of them stand still. */
  halted: boolean;
  /** Whether its port takes connections. */
  accepts: boolean;
  /** Where its data are and how many entries are in it; absent for a service that keeps none. */
  data?: { place: string; entries: number };
}

/** What a service answered when it was asked for what it holds. */
export interface ServiceContent {
  /** What the server says of itself, where it has such a thing: the system identifier of a Postgres cluster. */
  identity?: string;
  /** A digest of each thing that was looked at, by name: objects, search indexes. */
  items: Record<string, string>;
}

/** A service as the harness saw it for itself. */
export interface ServiceFacts extends SeenService {
  service: StruckService;
  role: string;
  instance?: string;
  /** Absent where it did not answer in time, or with an error. */
  content?: ServiceContent;
}
