import { byControl, byTest, check, type CheckArea, type CheckEntry } from './check-entry.ts';

const course: CheckArea = {
  section: 'course',
  evidences: { none: 'it says whether there was something to recover from' },
  owed: 'always',
};
const resumed: CheckArea = { section: 'course', evidences: ['cp-9.2'], owed: 'always' };
const service: CheckArea = { section: 'service', evidences: ['cp-9.2'], owed: 'always' };
const failover: CheckArea = {
  section: 'course',
  evidences: { none: 'nothing is restored where another server takes over' },
  owed: 'servers-fail',
};
const recoveryTime: CheckArea = { section: 'objectives', evidences: ['cp-10.4'], owed: 'always' };
const loss: CheckArea = { section: 'objectives', evidences: ['cp-10.2'], owed: 'marked-stores' };
const masking: CheckArea = {
  section: 'masking',
  evidences: { none: 'no contingency control asks for masking; ISO 27001:2022 A.8.11 and A.8.33 do' },
  owed: 'masked-copy',
};
const trust = { none: 'it says whether the drill itself is to be trusted' };
const objectLock: CheckArea = {
  section: { outside: '`firedrill ledger mirror` tells it, no drill does' },
  evidences: { none: 'it is asked of the store of the evidence' },
  owed: { never: 'no drill judges it' },
};

const availabilityTest = 'checks/availability.test.ts';
const maskingTest = 'checks/masking.test.ts';
const lockTest = 'evidence/probe-lock.test.ts';

/** Asked before the fault and on the masked copy, too. */
const everywhere: Pick<CheckEntry, 'places'> = { places: { 'steady-state': 'always', staging: 'masked-copy' } };

/** Checks of the run: fault, service, objectives, masked copy, and the drill itself. */
export const runChecks = {
  'fault.bites': check('The fault bit', course, 'blocker', byControl('inert-fault')),
  'recovery.another-server': check(
    'Other servers serve than the ones that were destroyed',
    { ...resumed, owed: 'any-lost' },
    'blocker',
    byTest('checks/another-server.test.ts', 'recovery.another-server is red for the old server'),
  ),
  'application.source': check(
    'The application that runs is the one of its source',
    { ...resumed, owed: 'everything-lost' },
    'critical',
    byControl('source-changed'),
  ),
  'resume.writes': check(
    'Every store takes a write',
    resumed,
    'blocker',
    byTest('checks/resumption.test.ts', 'resume.writes is red when a write is refused'),
  ),
  'resume.worker': check(
    'The worker lives',
    { ...resumed, owed: 'has-worker' },
    'critical',
    byControl('worker-stays-down'),
  ),

  'smoke.status': check(
    'Every probe is answered with its status',
    service,
    'blocker',
    byTest('checks/smoke.test.ts', 'fails a wrong status, and does not judge its shape'),
    everywhere,
  ),
  'smoke.latency': check(
    'Every request is under its limit',
    service,
    'critical',
    byControl('slow-endpoint'),
    everywhere,
  ),
  'smoke.auth': check(
    'Who has no right is refused',
    service,
    'blocker',
    byControl('endpoint-without-auth'),
    everywhere,
  ),
  'smoke.shape': check(
    'Every answer has its shape',
    service,
    'critical',
    byTest('checks/smoke.test.ts', 'fails another shape; where no probe expects one it does not apply'),
    everywhere,
  ),
  'smoke.sustained': check(
    'Requests at a fixed rate are answered in time',
    { ...service, owed: 'sustained' },
    'critical',
    byTest('checks/sustained.test.ts', 'judgeSustained, smoke.sustained'),
  ),

  'availability.baseline': check(
    'Every server answers before the fault',
    { ...failover, owed: { never: 'asked before the fault only' } },
    'blocker',
    byTest(availabilityTest, 'is red when a server answers nothing, when there is only one'),
    { places: { 'steady-state': 'servers-fail' } },
  ),
  'availability.symptoms': check(
    'Clients saw the failure',
    failover,
    'normal',
    byTest(availabilityTest, 'availability.symptoms is inconclusive without an error of a gateway'),
  ),
  'availability.failover': check('Another server takes over', failover, 'blocker', byControl('failover-off')),
  'availability.outage': check(
    'The outage of clients is within its limit',
    failover,
    'critical',
    byTest(availabilityTest, 'availability.outage is red when too many requests failed for too long'),
  ),
  'availability.restored': check('The failed server is back', failover, 'critical', byControl('server-stays-down')),
  'availability.writes': check(
    'No acknowledged write is lost',
    failover,
    'blocker',
    byControl('write-acknowledged-early'),
  ),

  'objectives.rto': check(
    'The recovery took no longer than its objective',
    recoveryTime,
    'critical',
    byTest('checks/objectives.test.ts', 'passes at the target and fails above it, naming the phases'),
  ),
  'objectives.rto.<service>': check(
    'A service was back within its objective',
    { ...recoveryTime, owed: 'restored-services' },
    'critical',
    byTest('checks/objectives.test.ts', 'objectives.rto of a service is red when it was back too late'),
  ),
  'objectives.durations': check(
    'Measured times are possible',
    recoveryTime,
    'critical',
    byTest('checks/objectives.test.ts', 'fails %s'),
  ),
  'objectives.clock': check(
    'The clock of the recovery ran from the detection to the last answer',
    recoveryTime,
    'critical',
    byTest('checks/clocks.test.ts', 'is red where the clock was stopped before the last probe, or began late'),
  ),
  'clock.wall': check(
    'The wall clock was not set during the run',
    { ...course, evidences: trust },
    'critical',
    byTest('checks/clocks.test.ts', 'is inconclusive where it was set back and forth again in between'),
  ),
  'objectives.rpo.<store>': check(
    'No more was lost than the objective allows',
    loss,
    'blocker',
    byTest('checks/objectives-rpo.test.ts', 'fails when the newest surviving write is older than the target'),
  ),

  'masking.classified': check('Every column has a rule', masking, 'blocker', byControl('column-unclassified')),
  'masking.kept': check('What is kept may be kept', masking, 'blocker', byControl('secret-kept')),
  'masking.stores': check(
    'The staging application works on the copy alone',
    masking,
    'blocker',
    byControl('staging-on-production'),
  ),
  'masking.scanner': check(
    'The scanner sees each kind of value in each kind of place',
    masking,
    'blocker',
    byControl('scanner-blind'),
  ),
  'masking.scanned': check('Everything was scanned', masking, 'blocker', byControl('staging-index-empty')),
  'masking.role-passwords': check(
    'No password of production opens the copy',
    masking,
    'blocker',
    byControl('password-of-production'),
  ),
  'masking.canaries-before': check(
    'The scanner finds every canary before masking',
    masking,
    'blocker',
    byTest(maskingTest, 'is red for %s'),
  ),
  'masking.canaries-after': check('The copy holds no canary', masking, 'blocker', byControl('masking-rule-off')),
  'masking.leaks': check(
    'The copy holds nothing that looks like personal data',
    masking,
    'blocker',
    byControl('pattern-left'),
  ),
  'masking.rules': check(
    'Every masked value is one that its rule makes',
    masking,
    'blocker',
    byTest(maskingTest, 'is red for %s'),
  ),
  'masking.rows': check('The copy has every row', masking, 'critical', byTest(maskingTest, 'is red for %s')),
  'masking.cleared': check('Cleared tables are empty', masking, 'blocker', byTest(maskingTest, 'is red for %s')),
  'masking.foreign-keys': check(
    'Constraints and indexes of the copy hold',
    masking,
    'critical',
    byTest(maskingTest, 'is red for %s'),
  ),
  'masking.ways-out': check('The copy reaches no other server', masking, 'blocker', byControl('way-out-left-open')),

  controls: check(
    'Every negative control is caught',
    { section: 'controls', evidences: trust, owed: 'controls' },
    'blocker',
    byTest('harness/steps/controls.test.ts', 'not caught when everything is green'),
  ),
  judged: check(
    'Everything that the run owed was judged',
    { section: 'controls', evidences: trust, owed: { never: 'it judges what is owed' } },
    'blocker',
    byTest('checks/owed.test.ts', 'a check that was not judged makes the run inconclusive, by name'),
  ),
  'clean-up': check(
    'Nothing of the run is left',
    { section: 'clean-up', evidences: trust, owed: 'clean-up' },
    'critical',
    byTest('checks/run-checks.test.ts', 'is red when something is left, and names it'),
  ),
  memory: check(
    'Our own processes stayed within their memory',
    { section: 'environment', evidences: trust, owed: 'memory' },
    'normal',
    byTest('checks/run-checks.test.ts', 'is red at the limit, and names the process'),
  ),

  'object-lock.<attempt>': check(
    'The mirror of the ledger keeps what is locked',
    objectLock,
    'critical',
    byTest(lockTest, 'one that says it has a lock and deletes nevertheless is red'),
  ),
};
