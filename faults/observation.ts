import type { FaultObservation } from '../domain/fault.ts';
import type { Stack } from '../domain/service.ts';
import { ask, type Answer, type AnswerKind } from './ask.ts';
import { directAccessOf, nameOf, serviceOf, type Access, type Target } from './target.ts';

/** A question that the fault has answered its way when the answer is the expected one. */
export function observation(question: string, expected: string, actual: string): FaultObservation {
  return { question, expected, actual, bitten: actual === expected };
}

/** Whether the service runs, as the engine says it. */
export async function observeRunning(stack: Stack, target: Target, expected: 'yes' | 'no'): Promise<FaultObservation> {
  const actual = (await serviceOf(stack, target).isRunning()) ? 'yes' : 'no';
  return observation(`Does ${nameOf(target)} run?`, expected, actual);
}

/** Whether the data of the service is there; a fault that deletes it has bitten when it is not. */
export async function observeNoData(stack: Stack, target: Target): Promise<FaultObservation> {
  const actual = (await serviceOf(stack, target).dataExists()) ? 'yes' : 'no';
  return observation(`Is the data of ${nameOf(target)} there?`, 'no', actual);
}

/** What a question to the service comes to; the fault has bitten when it is one of the kinds. */
export async function observeAnswer(
  target: Target,
  reached: Access,
  bites: { kinds: readonly AnswerKind[]; expected: string },
): Promise<FaultObservation> {
  const answer = await ask(reached);
  return answerObservation(target, answer, bites.expected, bites.kinds.includes(answer.kind));
}

/** That nobody takes connections where the service is. */
export function observeRefused(stack: Stack, target: Target): Promise<FaultObservation> {
  return observeAnswer(target, directAccessOf(stack, target), { kinds: ['refused'], expected: 'connection refused' });
}

/** The observation for an answer that was had. */
export function answerObservation(target: Target, answer: Answer, expected: string, bitten: boolean): FaultObservation {
  const actual = answer.kind === 'answered' ? `yes, after ${Math.round(answer.tookMs)} ms` : answer.text;
  return { question: `Does ${nameOf(target)} answer?`, expected, actual, bitten };
}
