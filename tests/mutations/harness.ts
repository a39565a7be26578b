import type { Mutation } from './mutation.ts';

const runner = { test: 'harness/step-runner.test.ts' };
const recorder = { test: 'harness/recorder.test.ts' };
const phases = { test: 'harness/phase-clock.test.ts' };
const searchHttp = { test: 'harness/search-http.test.ts' };

/** How a run goes, and what it keeps. */
export const harness: readonly Mutation[] = [
  {
    name: 'step-error-swallowed',
    file: 'harness/step-runner.ts',
    find: '} catch (thrown) {\n    error = signal.aborted',
    replace: "} catch (thrown) {\n    if (thrown !== undefined) return { kind: 'ok' };\n    error = signal.aborted",
    why: 'an exception in a step is swallowed',
    caughtBy: { ...runner, title: 'an error in a step is kept in the record' },
  },
  {
    name: 'step-red-is-green',
    file: 'harness/step-runner.ts',
    find: '    error = redFindings(judged);\n',
    replace: '',
    why: 'a step that judged something red is told to be done',
    caughtBy: runner,
  },
  {
    name: 'step-interrupted-judges',
    file: 'harness/step-runner.ts',
    find: 'if (signal.aborted && !always) throw interrupted();',
    replace: '',
    why: 'what an interrupted step has seen is judged as if it were all',
    caughtBy: runner,
  },
  {
    name: 'run-verdict-without-errors',
    file: 'harness/recorder.ts',
    find: '      ...errors.map((error) => verdictOfError(error)),\n',
    replace: '',
    why: 'a run that ended with an error passes',
    caughtBy: { ...recorder, title: 'an error in' },
  },
  {
    name: 'run-verdict-without-controls',
    file: 'harness/recorder.ts',
    find: '      ...(controls.length > 0 ? [controlsVerdict(controls)] : []),\n',
    replace: '',
    why: 'a drill whose controls were not caught passes',
    caughtBy: { ...recorder, title: 'one control that was not caught fails the run' },
  },
  {
    name: 'run-interrupted-passes',
    file: 'harness/recorder.ts',
    find: "state === 'finished' ? this.verdict() : mergeVerdicts([this.verdict(), 'inconclusive'])",
    replace: 'this.verdict()',
    why: 'a run that was cut short passes by what it had judged till then',
    caughtBy: { ...recorder, title: 'an interrupted run is never a pass' },
  },
  {
    name: 'phases-are-their-own-sum',
    file: 'harness/phase-clock.ts',
    find: 'this.#finalMs = this.#endedMs - (this.#startedMs ?? this.#endedMs);',
    replace: 'this.#finalMs = [...this.#spentMs.values()].reduce((sum, ms) => sum + ms, 0);',
    why: 'the total is the sum of its phases, so that the check that they agree cannot fail',
    caughtBy: phases,
  },
  {
    name: 'phases-begin-late',
    file: 'harness/phase-clock.ts',
    find: 'if (isRecoveryPhase(phase)) this.#startedMs ??= atMs;',
    replace: 'if (isRecoveryPhase(phase)) this.#startedMs ??= this.#clock.monotonicMs();',
    why: 'the clock of the RTO begins when the outage was confirmed, not when it was detected',
    caughtBy: phases,
  },
  {
    name: 'heartbeat-since-the-fault',
    file: 'harness/worker-heartbeat.ts',
    find: "Math.max(need(context, 'app').startedMs, need(context, 'fault').injectedMs)",
    replace: "need(context, 'app').startedMs",
    why: 'where the workers ran on, a beat of before the fault is accepted',
    caughtBy: { test: 'harness/worker-heartbeat.test.ts' },
  },
  {
    name: 'search-keys-without-rights',
    file: 'harness/search-http.ts',
    find: '...valuesOf({ ...rest, actions:',
    replace: "...valuesOf({ uid: rest['uid'] }),\n      ...(rest['uid'] === '' && { actions:",
    why: 'rights of keys are observed by neither side',
    caughtBy: searchHttp,
  },
  {
    name: 'search-settings-unread',
    file: 'harness/search-http.ts',
    find: 'settings[String(uid)] = valuesOf(body);',
    replace: 'settings[String(uid)] = valuesOf({ ...body, stopWords: null, aSettingOfNextYear: null });',
    why: 'settings of the search are observed by neither side',
    caughtBy: searchHttp,
  },
  {
    name: 'search-first-page-alone',
    file: 'harness/search-http.ts',
    find: 'if (results.length < pageSize) return all;',
    replace: 'return all;',
    why: 'keys after the first page are observed by neither side',
    caughtBy: searchHttp,
  },
  {
    name: 'hand-over-of-a-red-system',
    file: 'harness/withheld.ts',
    find: 'return isRed(verdict) && !ofLatency.has(check);',
    replace: "return verdict === 'fail' && ofLatency.has(check);",
    why: 'a copy of a system that is not recovered is handed over',
    caughtBy: { test: 'harness/withheld.test.ts' },
  },
  {
    name: 'draw-always-the-same',
    file: 'harness/draw.ts',
    find: '`${record.environment.seed}:${label}`',
    replace: 'label',
    why: 'controls strike the same table in every run',
    caughtBy: { test: 'harness/draw.test.ts' },
  },
];
