/**
 * Plays drills for the tests, one after the other, in one process without the test runner: loading and compiling what a
 * drill stands on costs more than most drills. It is forked by `player.ts`, which sends one job at a time.
 */
import { systemClock } from '../../domain/clock.ts';
import { messageOf } from '../../domain/drill-error.ts';
import { findDrill } from '../../harness/discover.ts';
import { checkedOptions, type RunOptions } from '../../harness/options.ts';
import { playRun } from '../../harness/play-run.ts';
import { chooseOwnEnvironment } from '../../stack/own-environment.ts';
import { globalState, leftSince } from './global-state.ts';

/** A drill to play. `untilCaught` ends it once its sabotage is caught as it is to be: nothing after that changes it. */
export interface Job {
  drill: string;
  options: Partial<RunOptions>;
  untilCaught: boolean;
}

/** How it went. The record is in the folder of the run; `left` names what the run left in the process. */
export interface Played {
  output: string;
  left: string[];
  error?: string;
}

const ending = new AbortController();
// Nobody is there any more who asked for it.
process.once('disconnect', () => ending.abort('the end of the test'));
chooseOwnEnvironment();
process.on('message', (job: Job) => void play(job).then((played) => process.send?.(played)));
process.send?.('ready');

async function play({ drill, options, untilCaught }: Job): Promise<Played> {
  const before = globalState();
  const lines: string[] = [];
  try {
    const { definition } = await findDrill(drill);
    const control = definition.controls.find(({ name }) => name === options.sabotage);
    await playRun(definition, checkedOptions(options), {
      print: (line) => void lines.push(line),
      reports: 'record',
      // What this process holds is of all the runs that it has played.
      holders: [],
      ending: ending.signal,
      // A run that is inconclusive may still turn out to fail: it is played to its end.
      ...(untilCaught &&
        control?.expectedVerdict === 'fail' && {
          enough: ({ findings }) =>
            findings.some(({ check, verdict }) => check === control.expectedCheck && verdict === 'fail')
              ? `${control.expectedCheck} is red, which is what ${control.name} is to show`
              : undefined,
        }),
    });
  } catch (error) {
    return { output: lines.join('\n'), left: [], error: messageOf(error) };
  }
  return { output: lines.join('\n'), left: await leftSince(before, systemClock) };
}
