import type { AxeResults, Result, RunOptions } from 'axe-core';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';

/** What a rule found, with the elements that it found it at. */
export interface Violation {
  rule: string;
  help: string;
  elements: string[];
}

/** How somebody looks at a page. */
export interface Look {
  widthPx: number;
  colorScheme: 'light' | 'dark';
}

export interface Audit {
  violations: Violation[];
  /** What axe cannot tell, words in charts apart: it does not know what is drawn behind them, contrast.test.ts does. */
  undecided: Violation[];
  /** Rules that applied to something on the page and held. */
  held: string[];
  /** By how many pixels the page is wider than its window: then it scrolls sideways. */
  overflowPx: number;
}

/** Rules on what a colour scheme changes; all else is the same in another one. */
export const colourRules = ['color-contrast', 'link-in-text-block'];

/** Levels A and AA of WCAG 2.0 and 2.1, by the tags of axe, and what it holds to be good practice beside them. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];

/** Shows a page in the browser and holds it against the rules of axe for WCAG 2.1 AA, or against some of them only. */
export async function audit(
  browser: Browser,
  html: string,
  { widthPx, colorScheme }: Look,
  only?: readonly string[],
): Promise<Audit> {
  const page = await browser.newPage({ viewport: { width: widthPx, height: 900 }, colorScheme });
  try {
    await page.setContent(html, { waitUntil: 'load' });
    // Not as a script of the page: its content policy allows none.
    await page.evaluate(axe.source);
    const runOnly: RunOptions['runOnly'] = only ? { type: 'rule', values: [...only] } : { type: 'tag', values: rules };
    const options: RunOptions = { runOnly, resultTypes: ['violations', 'incomplete'] };
    const results = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
    const contentPx = await page.locator('html').evaluate((element) => element.scrollWidth);
    return {
      violations: results.violations.map(violationOf),
      undecided: results.incomplete
        .map(violationOf)
        .map((one) => ({ ...one, elements: one.elements.filter((element) => !element.startsWith('<text ')) }))
        .filter(({ elements }) => elements.length > 0),
      held: results.passes.map(({ id }) => id),
      overflowPx: Math.max(0, contentPx - widthPx),
    };
  } finally {
    await page.close();
  }
}

function violationOf({ id, help, nodes }: Result): Violation {
  const elements = nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)}: ${failureSummary ?? ''}`);
  return { rule: id, help, elements };
}
