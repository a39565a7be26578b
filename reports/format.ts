import prettyBytes from 'pretty-bytes';
import prettyMilliseconds from 'pretty-ms';

/** A duration for people, rounded to a tenth of a second from one second on: `420 ms`, `15.6 s`, `1 min 4.2 s`, `2 h`. */
export function duration(durationMs: number): string {
  if (durationMs < 0) return `-${duration(-durationMs)}`;
  if (durationMs > 0 && durationMs < 1) return 'under 1 ms';
  return shortDuration(durationMs).replaceAll(
    /(\d)([a-z]+)/g,
    (_match, digit: string, unit: string) => `${digit} ${unit === 'm' ? 'min' : unit}`,
  );
}

/** The same for a terminal: `420ms`, `15.6s`, `1m 4.2s`, `2h`. Rounded, where pretty-ms alone would cut off. */
export function shortDuration(durationMs: number): string {
  return prettyMilliseconds(durationMs < 1000 ? Math.round(durationMs) : Math.round(durationMs / 100) * 100);
}

/** A latency: always in milliseconds, so that a column of them can be compared. */
export function latency(latencyMs: number): string {
  return `${latencyMs.toLocaleString('en', { maximumFractionDigits: latencyMs < 10 ? 1 : 0 })} ms`;
}

export function bytes(sizeBytes: number): string {
  return prettyBytes(sizeBytes);
}

export function number(value: number): string {
  return value.toLocaleString('en');
}

/** `1 write`, `24 writes`. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${number(value)} ${value === 1 ? noun : plural}`;
}

/** A part of a whole in percent: `0.2 %`, `under 0.1 %`, `140 %`. */
export function percent(part: number, whole: number): string {
  const value = (part / whole) * 100;
  if (!Number.isFinite(value)) return 'not defined';
  if (value > 0 && value < 0.1) return 'under 0.1 %';
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 })} %`;
}

/** `2026-03-02 09:00:17 UTC`; what is no instant stays as it is. */
export function instant(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The same to the millisecond, where two instants lie close together. */
export function preciseInstant(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : `${new Date(time).toISOString().slice(0, 23).replace('T', ' ')} UTC`;
}

/** `2026-03-02`, in UTC. */
export function date(iso: string): string {
  return instant(iso).slice(0, 10);
}
