import type { LoadSample } from '../domain/availability.ts';

export interface ServiceRecovery {
  samples: readonly LoadSample[];
  /** Each probe with the service that it shows. */
  probes: Readonly<Record<string, string>>;
  /** Instants on the clock of the load. */
  faultAtMs: number;
  detectedAtMs: number;
  /** Later failures belong to something else. */
  untilMs: number;
}

/**
 * Milliseconds from the detection until each service was back: until the first request to each of its probes was
 * answered as expected that was sent after the detection and after the last one that failed. `undefined` for a service
 * that was not back.
 */
export function servicesBackMs(recovery: ServiceRecovery): Record<string, number | undefined> {
  const { probes, detectedAtMs } = recovery;
  const services = [...new Set(Object.values(probes))];
  return Object.fromEntries(
    services.map((service) => {
      const names = Object.keys(probes).filter((name) => probes[name] === service);
      const back = names.map((name) => probeBackAtMs(name, recovery));
      return [service, back.includes(undefined) ? undefined : Math.max(...back.map(Number)) - detectedAtMs];
    }),
  );
}

function probeBackAtMs(name: string, recovery: ServiceRecovery): number | undefined {
  const { samples, faultAtMs, detectedAtMs, untilMs } = recovery;
  const own = samples.filter(({ probe, atMs }) => probe === name && atMs >= faultAtMs && atMs <= untilMs);
  const failed = own.filter(({ failure }) => failure !== undefined);
  const fromMs = Math.max(detectedAtMs, ...failed.map(({ atMs }) => atMs));
  const ends = own
    .filter(({ failure, atMs }) => failure === undefined && atMs > fromMs)
    .map(({ atMs, latencyMs }) => atMs + latencyMs);
  return ends.length === 0 ? undefined : Math.min(...ends);
}
