import { z } from 'zod';
import { DrillError } from '../domain/drill-error.ts';
import { engineNames } from '../domain/service.ts';
import { screenSchema } from './screen.ts';

/** What a run is asked to be. What is not given follows from the runbook and the machine. */
const runOptionsSchema = z.strictObject({
  engine: z.enum(engineNames).optional(),
  rows: z.int().min(100).max(100_000_000).optional(),
  seed: z.int().min(0).max(2_147_483_647).default(1),
  /** Folder of the reports; made by the run. */
  out: z.string().optional(),
  sabotage: z.string().optional(),
  /** Way to recover, of a drill that knows several. */
  from: z.string().optional(),
  /** Name of the fault, of a drill that knows several. */
  fault: z.string().optional(),
  /** Smaller, shorter, with some of the controls: for who works on a drill, never evidence. */
  quick: z.boolean().optional(),
  /** Services, containers and folders are left for a look; `firedrill clean` removes them. */
  keep: z.boolean().default(false),
  /** Given by `firedrill run`, which must know the run from outside; made anew under plain vitest. */
  runId: z.string().optional(),
  /** Folder of the ledger and its keys. */
  ledger: z.string().optional(),
  /** Given by `firedrill run`, which keeps the ledger itself; under plain vitest the run takes its number. */
  sequence: z.int().min(1).optional(),
  /** What the terminal of the command can do. */
  screen: screenSchema.optional(),
});

export type RunOptions = z.output<typeof runOptionsSchema>;

/** Environment variable through which the command hands its options to the suite: they are JSON. */
export const optionsVariable = 'FIREDRILL_RUN_OPTIONS';

/** The options of this run: from the command, or the defaults under plain vitest. */
export function readRunOptions(environment: NodeJS.ProcessEnv): RunOptions {
  const text = environment[optionsVariable];
  const parsed = runOptionsSchema.safeParse(text === undefined ? {} : JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new DrillError({
    code: 'usage',
    what: 'the options of the run are not valid',
    actual: z.prettifyError(parsed.error),
    where: optionsVariable,
  });
}

/** What was given, with what it leaves open; a `DrillError` (`usage`) that names the options that do not fit. */
export function checkedOptions(options: Partial<RunOptions>): RunOptions {
  const parsed = runOptionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new DrillError({
    code: 'usage',
    what: 'the options do not fit',
    actual: parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('; '),
  });
}
