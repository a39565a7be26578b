import type { StoreName } from './service.ts';

/** A numbered write that a store has acknowledged, noted outside the stack the moment the acknowledgement came. */
export interface MarkerAck {
  store: StoreName;
  /** Counts from 1 within its store; one write is acknowledged before the next is sent. */
  sequence: number;
  /** ISO 8601, UTC. */
  acknowledgedAt: string;
}

/** What is known of one store's markers after recovery. */
export interface MarkerObservation {
  store: StoreName;
  /** The path a write took: `POST /api/orders`. */
  path: string;
  acknowledged: MarkerAck[];
  /** Numbers that the recovered store still has, as it lists them. */
  survivors: number[];
  /** ISO 8601: when the fault was injected. */
  faultAt: string;
  targetMs: number;
  /** What the backup schedule alone allows to be lost; told beside the measurement, never mixed with it. */
  scheduleAllowsMs?: number;
}
