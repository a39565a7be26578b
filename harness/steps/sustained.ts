import { judgeSustained } from '../../checks/sustained.ts';
import { probesAtOnce, type MachinePace } from '../../smoke/at-once.ts';
import { runSustained } from '../../smoke/sustained.ts';
import { machineLoad } from '../../smoke/own-delay.ts';
import { need } from '../context.ts';
import { hidesWhatFollows } from '../withheld.ts';
import type { DrillRecord } from '../../domain/record.ts';
import type { Probe } from '../../domain/smoke.ts';
import type { DrillStep } from '../definition.ts';

/**
 * Many requests a probe at a fixed rate against the recovered system: one request at a time does not show what happens
 * when they do not wait for one another. It comes after the end of the RTO, which it must not lengthen.
 */
export const sustainedSmoke: DrillStep = {
  name: 'sustained-smoke',
  title: 'Sustained smoke: requests to each probe at a fixed rate',
  phase: 'hand-over',
  async execute(context) {
    const { runbook, record, options, clock, signal } = context;
    const { probes, sustained } = runbook.smoke;
    const progress = context.progress();
    if (sustained === undefined) {
      const why = 'No requests were sent at a fixed rate after the recovery: the runbook asks for none.';
      progress.info(why);
      record.limitations.push(why);
      return;
    }
    const red = record.findings.find(hidesWhatFollows);
    if (red ?? options.sabotage) {
      const because = red
        ? `${red.check} is red, so the system is not recovered`
        : `this run plays ${options.sabotage} for real, which is no matter of load`;
      const why = `No requests were sent at a fixed rate after the recovery: ${because}.`;
      progress.info(why);
      record.limitations.push(why);
      return;
    }
    const { requests, perSecond } = sustained;
    const atOnce = probesAtOnce(sustained, paceOf(record, probes));
    const sideBySide =
      atOnce < probes.length
        ? `${atOnce} probes at a time: by their latencies one by one, half of this machine does not sustain more`
        : 'all probes at once';
    progress.info(`${requests} requests to each of ${probes.length} probes, ${perSecond} a second; ${sideBySide}`);
    const total = requests * probes.length;
    const onSent = (sent: number): void => progress.advance(sent, total, 'requests');
    const load = { requests, perSecond, probesAtOnce: atOnce, clock, signal, onSent, ownDelay: context.state.ownDelay };
    const observations = await runSustained(need(context, 'apiUrl'), probes, need(context, 'tokens'), load);
    const { finding, lines } = judgeSustained(observations, machineLoad());
    record.sustained = lines;
    context.judge([finding]);
    progress.info(finding.actual);
  },
};

/** What the smoke right after the recovery has measured of each probe. */
function paceOf({ smoke, environment }: DrillRecord, probes: readonly Probe[]): MachinePace {
  const p50Of = new Map(
    smoke.flatMap((line) => (line.target === 'recovered' ? [[line.probe, line.p50Ms] as const] : [])),
  );
  return { latenciesMs: probes.map(({ name }) => p50Of.get(name) ?? 0), processors: environment.cpus };
}
