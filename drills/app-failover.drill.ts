import { hangService } from '../faults/hang-service.ts';
import { killService } from '../faults/kill-service.ts';
import { controlRole, failoverOff, serverStaysDown, writeAcknowledgedEarly } from '../harness/controls/availability.ts';
import { endpointWithoutAuth, slowEndpoint } from '../harness/controls/endpoints.ts';
import { inertFault } from '../harness/controls/inert-fault.ts';
import { drill } from '../harness/drill.ts';
import { acknowledgedWrites, failOverAgain, servicesBack, steadyLoad } from '../harness/steps/availability.ts';
import { objectives } from '../harness/steps/objectives.ts';
import { policyComplete } from '../harness/steps/policy.ts';
import { probesGreen } from '../harness/steps/steady-state.ts';
import { sustainedSmoke } from '../harness/steps/sustained.ts';

/** The same fault, on the application that a control starts for itself. */
const controlKill = () => killService({ service: 'api', role: controlRole, instance: 'app-1' });

/**
 * Behind a load balancer one of two application servers dies, and once it is back the other one hangs. Clients must be
 * served through both, and no write that was acknowledged may be lost.
 */
export default await drill('app-failover', {
  runbook: 'firm-template',
  scenario: 'application-server-failure',
  backUp: [],
  steadyState: [probesGreen, policyComplete, steadyLoad],
  fault: killService({ service: 'api', role: 'production', instance: 'app-1' }),
  writesGoOn: true,
  verify: [
    ...failOverAgain(hangService({ service: 'api', role: 'production', instance: 'app-2' })),
    acknowledgedWrites,
    objectives,
    servicesBack,
    sustainedSmoke,
  ],
  handOver: [],
  controls: [
    slowEndpoint,
    endpointWithoutAuth,
    inertFault,
    failoverOff(controlKill()),
    serverStaysDown(controlKill()),
    writeAcknowledgedEarly(controlKill()),
  ],
});
