import type { ApplicableVerdict } from './verdict.ts';

/** One request of a steady load, with its instant on the load's own clock. */
export interface LoadSample {
  /** Milliseconds from the beginning of the load to the sending. */
  atMs: number;
  /** From sending it until its body was read, or until it was given up. */
  latencyMs: number;
  probe: string;
  /** Absent when there was no answer. */
  status?: number;
  /** Which server answered, where the answer says so. */
  servedBy?: string;
  /** Why it failed: the first thing that was not as expected; absent when all was. */
  failure?: string;
}

/** The requests that were sent within one stretch of time. */
export interface AvailabilityBucket {
  /** Its beginning, in milliseconds from the beginning of the load. */
  atMs: number;
  requests: number;
  failed: number;
  /** Latencies of all its requests, those given up too; absent where none was sent. */
  p50Ms?: number;
  p95Ms?: number;
}

/** Something that happened while the load went on. */
export interface AvailabilityEvent {
  atMs: number;
  kind: 'fault' | 'detected' | 'failed-over' | 'restored';
  text: string;
}

/** What clients saw of one fault of one server: from the fault until it was back in service. Times count from the fault. */
export interface AvailabilitySwitch {
  /** The fault, in words. */
  fault: string;
  /** The server that it struck. */
  server: string;
  /** On the clock of the load. */
  faultAtMs: number;
  /** Until the last request failed; absent when requests still failed when the watch was over. */
  failedOverAfterMs?: number;
  budgetMs: number;
  /** Until the server answered requests again; absent when it never did. */
  restoredAfterMs?: number;
  requests: number;
  failed: number;
  /** How many requests failed by what was answered: `502`, `no answer`. */
  failures: Record<string, number>;
  /** The longest stretch with a share of errors over the limit. */
  outageMs: number;
  verdict: ApplicableVerdict;
}

/** What clients saw through the whole drill, at a fixed rate of requests. */
export interface AvailabilityRecord {
  perSecond: number;
  probes: string[];
  bucketMs: number;
  /** Longest outage that is accepted. */
  outageLimitMs: number;
  /** Share of failed requests from which on it counts as an outage, from 0 to 1. */
  errorShareLimit: number;
  buckets: AvailabilityBucket[];
  events: AvailabilityEvent[];
  switches: AvailabilitySwitch[];
}
