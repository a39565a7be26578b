import prettyMilliseconds from 'pretty-ms';
import { heldUpRecommendation } from '../checks/own-delay.ts';
import { countControls } from '../domain/control-outcome.ts';
import type { DrillRecord } from '../domain/record.ts';
import { isRed } from '../domain/verdict.ts';

/** What the findings suggest to do, most pressing first, each once. Empty when there is nothing to do. */
export function recommendationsOf(record: DrillRecord): string[] {
  const red = record.findings.filter((finding) => isRed(finding.verdict));
  return [
    ...new Set([
      ...red.flatMap((finding) => finding.recommendation ?? [`Look into \`${finding.check}\`: ${finding.actual}.`]),
      ...record.errors.map(({ phase, message, heldUp }) =>
        heldUp === undefined ? `Find out why ${phase} failed: ${message.split('\n')[0]}` : heldUpRecommendation,
      ),
      ...countControls(record.controls).missed.map(
        (control) => `Mend the drill: it did not catch \`${control.name}\` by \`${control.expectedCheck}\`.`,
      ),
      ...schedules(record),
      ...overBudget(record),
      ...record.steps.flatMap((step) =>
        step.deviation ? [`Edit the runbook, “${step.title}”: ${step.deviation}`] : [],
      ),
    ]),
  ];
}

/** The schedule of backups alone can allow more loss than the objective does. That is no measurement, but a gap. */
function schedules({ rpo }: DrillRecord): string[] {
  return rpo
    .filter(({ scheduleAllowsMs, targetMs }) => scheduleAllowsMs !== undefined && scheduleAllowsMs > targetMs)
    .map(
      ({ store, scheduleAllowsMs = 0, targetMs }) =>
        `Back up ${store} more often, or archive continuously: the schedule alone allows ${words(scheduleAllowsMs)} ` +
        `of writes to be lost, the objective is ${words(targetMs)}.`,
    );
}

function overBudget({ steps }: DrillRecord): string[] {
  return steps
    .filter(({ actualMs, budgetMs }) => actualMs !== undefined && budgetMs !== undefined && actualMs > budgetMs)
    .map(({ title, actualMs = 0, budgetMs = 0 }) => `“${title}” took ${words(actualMs)}, budget ${words(budgetMs)}.`);
}

function words(durationMs: number): string {
  return prettyMilliseconds(durationMs, { verbose: true });
}
