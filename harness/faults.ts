export { faultKinds, type FaultKind } from '../faults/index.ts';
