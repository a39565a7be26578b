/** Stands in for `player-process.ts`: does at a job what the name of its sabotage says. */
import type { Job } from './player-process.ts';

process.once('disconnect', () => process.exit(0));
process.on('message', ({ options }: Job) => {
  const { sabotage } = options;
  if (sabotage === 'throws') {
    setTimeout(() => {
      throw new Error('a bug in a timer');
    });
  } else if (sabotage === 'exits') process.exit(7);
  else if (sabotage === 'is-killed') process.kill(process.pid, 'SIGKILL');
  else process.send?.({ output: `pid ${process.pid}`, left: [], error: `refused ${sabotage}` });
});
process.send?.('ready');
