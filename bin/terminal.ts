import { styleText } from 'node:util';
import type { ScreenOptions } from '../harness/screen.ts';

/** What the terminal of this command can do. `NO_COLOR` and `FORCE_COLOR` are kept; a pipe has no last line to overwrite. */
export function screenOf({ quiet = false }: { quiet?: boolean }): ScreenOptions {
  const { isTTY, columns } = process.stdout;
  return { colour: hasColour(), quiet, ...(isTTY && !quiet && { liveColumns: columns || 80 }) };
}

/** Whether what goes to standard output is coloured. */
function hasColour(): boolean {
  const { isTTY } = process.stdout;
  if (isTTY) return process.stdout.hasColors();
  const forced = process.env['FORCE_COLOR'];
  return process.env['NO_COLOR'] === undefined && forced !== undefined && forced !== '0' && forced !== 'false';
}

const styles = { pass: 'green', fail: 'red', inconclusive: 'yellow', 'not-applicable': 'dim' } as const;

/** A text in the colour of its verdict, where there is colour. */
export function inColourOf(verdict: keyof typeof styles, text: string): string {
  return hasColour() ? styleText(styles[verdict], text, { validateStream: false }) : text;
}
