import { judgeResumption } from '../../checks/resumption.ts';
import { need } from '../context.ts';
import type { Control } from '../definition.ts';
import { askHeartbeat } from '../worker-heartbeat.ts';
import { nothingToDamage } from './damaging.ts';

/** The worker is not started again: what is left of it is a sign of life from before. */
export const workerStaysDown: Control = {
  name: 'worker-stays-down',
  title: 'The worker is not started again after the recovery',
  expectedCheck: 'resume.worker',
  expectedVerdict: 'fail',
  async verify(context) {
    const workers = need(context, 'app').processes.filter(({ info }) => info.service === 'worker');
    if (workers.length === 0) throw nothingToDamage('a worker that runs');
    await Promise.all(workers.map((worker) => worker.kill()));
    try {
      const heartbeat = await askHeartbeat(context, { sinceMs: context.clock.monotonicMs(), waitMs: 0 });
      // The stores are not asked to take a write once more: this is about the worker.
      return judgeResumption({ writes: [], ...(heartbeat && { heartbeat }) }).filter(
        ({ check }) => check === 'resume.worker',
      );
    } finally {
      await Promise.all(workers.map((worker) => worker.start()));
    }
  },
  sabotage: {
    alterApp: (options) => (options.role === 'recovered' ? { ...options, worker: false } : options),
  },
};
