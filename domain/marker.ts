import type { StoreName } from './service.ts';

/** A store's acknowledgement of a marker, recorded outside the stack. */
export interface MarkerAck {
  store: StoreName;
  /** Counts from 1 in each store. */
  sequence: number;
  /** ISO 8601, UTC: when the acknowledgement came in. */
  acknowledgedAt: string;
}
