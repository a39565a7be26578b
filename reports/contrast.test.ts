import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('templates/report.css', import.meta.url), 'utf8');
const [light = '', dark = '', print = ''] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) => body);

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function coloursOf(body: string): Record<string, string> {
  const found = body.matchAll(/--([\w-]+): (#[\da-f]{6});/g);
  return Object.fromEntries([...found].map(([, name = '', hex = '']) => [name, hex]));
}

describe.each([
  ['light', light],
  ['dark', dark],
  ['print', print],
])('colours in %s', (_mode, body) => {
  const colours = coloursOf(body);
  const of = (one: string, other: string) => contrast(colours[one] ?? 'none', colours[other] ?? 'none');

  it.each([
    ...['ink', 'muted', 'accent', 'pass', 'fail', 'inconclusive'].map((name) => [name, 'paper']),
    ...['ink', 'muted'].map((name) => [name, 'raised']),
    ...['pass', 'fail', 'inconclusive'].flatMap((name) => [
      [name, `${name}-soft`],
      ['ink', `${name}-soft`],
    ]),
    ['ink', 'accent-soft'],
  ])('%s on %s can be read (4.5 : 1)', (text = '', ground = '') => {
    expect(of(text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it('bars can be told from the ground (3 : 1)', () => {
    expect(of('accent', 'paper')).toBeGreaterThanOrEqual(3);
    expect(of('neutral', 'paper')).toBeGreaterThanOrEqual(3);
    expect(of('accent', 'accent-soft')).toBeGreaterThanOrEqual(3);
  });
});
