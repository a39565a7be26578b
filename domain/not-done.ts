/** Why something was not done, in the same words where the run says it and where a report reads it. */

/** Begin of the message of a skipped step of the hand-over. */
export const notHandedOver = 'nothing is handed over';

/** Why a run that plays a sabotage for real has no negative controls. */
export function whyNoControls(sabotage: string): string {
  return `The negative controls were not run: this run plays ${sabotage} for real, on a system that it damaged.`;
}
