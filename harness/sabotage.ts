import type { DrillContext } from './context.ts';
import type { SabotageMoment } from './definition.ts';

/**
 * Lets the sabotage that is played for real do its damage, if it has one for this moment, and says so. True when it
 * did.
 */
export async function sabotageAt(context: DrillContext, moment: SabotageMoment): Promise<boolean> {
  const struck = await context.sabotage.at?.[moment]?.(context);
  if (struck === undefined) return false;
  context.progress().info(`sabotage: ${struck}`);
  return true;
}
