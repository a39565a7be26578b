import { evidence } from './evidence.ts';
import { harness } from './harness.ts';
import { masking } from './masking.ts';
import type { Mutation } from './mutation.ts';
import { integrity } from './integrity.ts';
import { judges } from './judges.ts';
import { placesOfCall } from './places-of-call.ts';
import { scanner } from './scanner.ts';
import { recovery } from './recovery.ts';
import { smoke } from './smoke.ts';
import { verdicts } from './verdicts.ts';

/** Every mutation, in the order that they are played. */
export const mutations: readonly Mutation[] = [
  ...integrity,
  ...judges,
  ...verdicts,
  ...placesOfCall,
  ...harness,
  ...masking,
  ...scanner,
  ...recovery,
  ...smoke,
  ...evidence,
];
