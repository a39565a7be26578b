import type { Mutation } from './mutation.ts';

const smokeTest = { test: 'checks/smoke.test.ts' };
const sustained = { test: 'checks/sustained.test.ts' };
const runProbe = { test: 'smoke/run-probe.test.ts' };
const runSustained = { test: 'smoke/sustained.test.ts' };
const compare = { test: 'smoke/compare-response.test.ts' };

/** What is asked of the application, how long it takes, and what is made of it. */
export const smoke: readonly Mutation[] = [
  {
    name: 'smoke-latency-at-the-limit',
    file: 'checks/smoke-sample.ts',
    find: '!(latencyMs >= 0 && latencyMs < observation.probe.limitMs)',
    replace: 'latencyMs > observation.probe.limitMs',
    why: 'a request at the limit, or with no latency at all, is in time',
    caughtBy: smokeTest,
  },
  {
    name: 'smoke-one-late-of-seventy',
    file: 'checks/smoke.ts',
    find: 'timed.length > 0 && late.length === 0',
    replace: 'timed.length > 0 && late.length <= timed.length / 70',
    why: 'one late request in 70 is forgiven',
    caughtBy: smokeTest,
  },
  {
    name: 'sustained-one-late-of-seventy',
    file: 'checks/sustained.ts',
    find: '...(late.length > 0\n',
    replace: '...(late.length > samples.length / 70\n',
    why: 'one late request in 70 is forgiven where many are sent',
    caughtBy: sustained,
  },
  {
    name: 'sustained-fewer-requests',
    file: 'checks/sustained.ts',
    find: '...(!(samples.length >= requests) ?',
    replace: '...(samples.length < 0 ?',
    why: 'a rate that was not kept is green',
    caughtBy: sustained,
  },
  {
    name: 'smoke-endpoint-open',
    file: 'checks/smoke.ts',
    find: 'const wrong = told.filter(isUnexpected);',
    replace: 'const wrong = told.filter(() => false);',
    why: 'an endpoint answers without the authentication that it must ask for',
    caughtBy: smokeTest,
  },
  {
    name: 'smoke-server-errors',
    file: 'checks/smoke.ts',
    find: '!isAnswered(sample) || isServerError(sample) || (isUnexpected(sample) && !isSecurity(sample))',
    replace: '!isAnswered(sample) || (isUnexpected(sample) && !isSecurity(sample))',
    why: 'a security probe that is answered with 5xx counts as refused',
    caughtBy: smokeTest,
  },
  {
    name: 'smoke-any-delay-explains',
    file: 'checks/own-delay.ts',
    find: 'ownDelayMs > limitMs * ownDelayShare',
    replace: 'ownDelayMs > 0',
    why: 'any delay of the harness explains any late request',
    caughtBy: smokeTest,
  },
  {
    name: 'smoke-slow-endpoint-explained',
    file: 'checks/own-delay.ts',
    find: '(isHeldUp(ownDelayMs, probe.limitMs) && inTime.has(probe))',
    replace: 'isHeldUp(ownDelayMs, probe.limitMs)',
    why: 'an endpoint that is always slow is explained by one delay of the machine',
    caughtBy: smokeTest,
  },
  {
    name: 'latency-at-the-headers',
    file: 'smoke/request.ts',
    find: 'const text = await response.body.text();\n    const times = timed();',
    replace: 'const times = timed();\n    const text = await response.body.text();',
    why: 'a body that comes late is not seen',
    caughtBy: runProbe,
  },
  {
    name: 'latency-from-the-sending',
    file: 'smoke/request.ts',
    find: 'const sinceMs = dueMs ?? clock.monotonicMs();',
    replace: 'const sinceMs = clock.monotonicMs();',
    why: 'requests that had to wait for a server that stood still are in time',
    caughtBy: { test: 'smoke/request.test.ts' },
  },
  {
    name: 'sustained-waits-for-answers',
    file: 'smoke/sustained.ts',
    find: 'sent.push(outcomeOf(sendRequest({ ...options, url, probe, headers, dispatcher, dueMs })));',
    replace:
      'sent.push(outcomeOf(sendRequest({ ...options, url, probe, headers, dispatcher, dueMs: clock.monotonicMs() })));\n      await sent.at(-1);',
    why: 'a slow server gets fewer requests',
    caughtBy: runSustained,
  },
  {
    name: 'probe-without-comparison',
    file: 'smoke/request.ts',
    find: 'mismatches: compareResponse(probe.expect, { status, contentType, text }) };',
    replace: 'mismatches: [] };',
    why: 'the smoke is asked and its answers are not judged',
    caughtBy: runProbe,
  },
  {
    name: 'compare-any-status',
    file: 'smoke/compare-response.ts',
    find: 'if (!expect.status.includes(response.status)) {',
    replace: 'if (response.status >= 500) {',
    why: 'an answer with another status fits',
    caughtBy: compare,
  },
  {
    name: 'compare-numbers-missing',
    file: 'smoke/compare-response.ts',
    find: 'return count >= atLeast ? []',
    replace: 'return count >= 0 ? []',
    why: 'figures that are missing are not missed',
    caughtBy: compare,
  },
  {
    name: 'load-without-failures',
    file: 'smoke/steady-load.ts',
    find: 'return { status: statusCode, headers, ...(failure !== undefined && { failure }) };',
    replace: 'return { status: statusCode, headers };',
    why: 'a load that is answered with errors saw no outage',
    caughtBy: { test: 'smoke/steady-load.test.ts' },
  },
  {
    name: 'own-delay-unseen',
    file: 'smoke/own-delay.ts',
    find: 'return Math.max(0, ...waiting, ...over.map(({ delayMs }) => delayMs));',
    replace: 'return 1e9;',
    why: 'the harness is always held up, so that no latency is ever red',
    caughtBy: { test: 'smoke/own-delay.test.ts', title: 'a harness that is held up measures it' },
  },
];
