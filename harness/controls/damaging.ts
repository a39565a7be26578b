import { DrillError } from '../../domain/drill-error.ts';
import type { Finding } from '../../domain/finding.ts';
import type { DrillContext } from '../context.ts';
import type { Control, SabotageMoment } from '../definition.ts';

/** A damage that was done, and how to take it back. */
export interface Damage {
  description: string;
  undo(): Promise<void>;
}

/** The same damage for the control, which takes it back after `judge`, and for the drill that is played for real. */
export function damaging(
  moment: SabotageMoment,
  damage: (context: DrillContext) => Promise<Damage>,
  judge: (context: DrillContext) => Promise<Finding[]>,
): Pick<Control, 'verify' | 'undamaged' | 'sabotage'> {
  return {
    undamaged: judge,
    async verify(context) {
      const done = await damage(context);
      try {
        return await judge(context);
      } finally {
        await done.undo();
      }
    },
    sabotage: { at: { [moment]: async (context: DrillContext) => (await damage(context)).description } },
  };
}

/** The error of a control for which the system has nothing: what it would have damaged, for people. */
export function nothingToDamage(expected: string): DrillError {
  return new DrillError({
    code: 'nothing-to-damage',
    what: 'a control has nothing to damage',
    expected,
    actual: 'none',
  });
}

/** Whether an error says that the system has nothing that a control could damage. */
export function isNothingToDamage(error: unknown): boolean {
  return error instanceof DrillError && error.code === 'nothing-to-damage';
}
