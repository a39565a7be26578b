import { systemClock } from '../../../domain/clock.ts';

/** Writes one line to stderr in the form of a real server: instant, level, target, words. Never a secret. */
export function log(level: 'INFO' | 'WARN' | 'ERROR', message: string): void {
  process.stderr.write(`${systemClock.now().toISOString()} ${level.padStart(5)} meilisearch: ${message}\n`);
}
