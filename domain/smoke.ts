/** What a response must look like. Every part that is given is checked. */
export interface ProbeExpectation {
  /** Accepted status codes. */
  status: number[];
  /** Each key must be in the JSON answer: equal to the value, or of the named type for `<number>`, `<string>`, `<boolean>`. */
  json?: Record<string, unknown>;
  /** At least this many numeric values must be among the values of the JSON object or of its named member. */
  numeric?: { member?: string; atLeast: number };
  /** First line of a CSV answer, exactly. */
  csvHeader?: string;
  contentType?: string;
}

/** A question put to the system over HTTP. */
export interface Probe {
  name: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  /** Name of the token that is sent as bearer; none for a request without one. */
  token?: string;
  body?: unknown;
  expect: ProbeExpectation;
  /** Latency that each single request must stay under. */
  limitMs: number;
  /** How many requests are sent, one after the other. */
  requests: number;
  /** True for probes that ask whether authentication is enforced. */
  security?: boolean;
}

/** One request, timed from sending it until its body was read. */
export interface ProbeSample {
  latencyMs: number;
  /** Absent when there was no answer. */
  status?: number;
  error?: string;
  /** Why the answer is not the expected one; empty when it is. */
  mismatches: string[];
  /** No whole answer had come when the time for it was over. */
  gaveUp?: boolean;
  /** The longest that the harness itself was held up while it waited; absent where that was not measured. */
  ownDelayMs?: number;
}

export interface ProbeObservation {
  probe: Probe;
  samples: ProbeSample[];
}

/** Many requests to one probe at a fixed rate. */
export interface SustainedObservation {
  probe: Probe;
  /** How many were planned, and at which rate. */
  requests: number;
  perSecond: number;
  /** In the order in which they were due; each timed from the instant at which it was due. */
  samples: ProbeSample[];
}
