import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { DrillError, messageOf } from '../domain/drill-error.ts';

export interface ScreenshotOptions {
  /** A `report.html`. */
  report: string;
  /** Where it goes: `.png` is the whole page, `.pdf` is what a printer gets. */
  out: string;
  /** Width of the window in CSS pixels. */
  widthPx?: number;
  /** The top of the page only, so many CSS pixels high; without it a picture is of the whole page. */
  heightPx?: number;
  /** The part that this selector of CSS finds first, instead of the page. */
  part?: string;
  colorScheme?: 'light' | 'dark';
  /** One that runs already, for several pictures; without it one is started and closed. */
  browser?: Browser;
}

/** What the page did besides being shown; a report asks for nothing and says nothing. */
export interface PageBehaviour {
  /** Addresses that it asked for, itself apart. */
  requests: string[];
  /** Messages of its console, violations of its own content policy included. */
  messages: string[];
  /** By how many pixels its content is wider than the window. */
  overflowPx: number;
}

/**
 * Shows a report in headless Chromium and takes a picture of it. The browser is the one of `findChromium`, where none is
 * given; none is downloaded.
 */
export async function takeScreenshot(options: ScreenshotOptions): Promise<PageBehaviour> {
  if (options.browser !== undefined) return pictureIn(options.browser, options);
  const browser = await launchChromium();
  try {
    return await pictureIn(browser, options);
  } finally {
    await browser.close();
  }
}

async function pictureIn(browser: Browser, options: ScreenshotOptions): Promise<PageBehaviour> {
  const { report, out, widthPx = 1280, heightPx, part, colorScheme = 'light' } = options;
  const page = await browser.newPage({ viewport: { width: widthPx, height: heightPx ?? 900 }, colorScheme });
  try {
    const address = pathToFileURL(report).href;
    const requests: string[] = [];
    const messages: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => messages.push(message.text()));
    await page.goto(address, { waitUntil: 'load' });
    if (out.endsWith('.pdf')) await page.pdf({ path: out, tagged: true, outline: true, preferCSSPageSize: true });
    else if (part !== undefined) await page.screenshot({ path: out, fullPage: true, clip: await boxOf(page, part) });
    else await page.screenshot({ path: out, fullPage: heightPx === undefined });
    const contentPx = await page.locator('html').evaluate((element) => element.scrollWidth);
    return {
      requests: requests.filter((url) => url !== address),
      messages,
      overflowPx: Math.max(0, contentPx - widthPx),
    };
  } finally {
    await page.close();
  }
}

/** Where a part of the page is, with a margin, so that it does not touch the edge of a picture. */
async function boxOf(page: Page, part: string): Promise<{ x: number; y: number; width: number; height: number }> {
  const marginPx = 12;
  const box = await page.locator(part).first().boundingBox();
  if (!box) throw new DrillError({ code: 'usage', what: 'the page has no such part', expected: part });
  const { x, y, width, height } = box;
  return { x: x - marginPx, y: y - marginPx, width: width + 2 * marginPx, height: height + 2 * marginPx };
}

/** The browser named by `FIREDRILL_CHROMIUM`, or the first one on PATH; `undefined` where there is none. */
export function findChromium(): string | undefined {
  const named = process.env['FIREDRILL_CHROMIUM'];
  if (named !== undefined) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}

const hint = 'Install Chromium (Debian: apt-get install chromium) or name its file in FIREDRILL_CHROMIUM.';

/** Starts the browser of `findChromium`, without a window. A `DrillError` (`configuration`) when there is none, or it does not start. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new DrillError({ code: 'configuration', what: 'there is no Chromium', hint });
  try {
    return await chromium.launch({
      executablePath,
      chromiumSandbox: process.getuid?.() !== 0,
      args: [
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
        '--no-default-browser-check',
      ],
    });
  } catch (error) {
    throw new DrillError({
      code: 'configuration',
      what: 'Chromium did not start',
      actual: messageOf(error).split('\n')[0] ?? '',
      where: executablePath,
      hint,
      cause: error,
    });
  }
}

if (import.meta.main) {
  const [report, out, width, scheme] = process.argv.slice(2);
  if (report === undefined || out === undefined) {
    throw new DrillError({
      code: 'usage',
      what: 'a report and a target are needed',
      expected: 'node reports/screenshot.ts <report.html> <out.png|out.pdf> [width] [light|dark]',
    });
  }
  const behaviour = await takeScreenshot({
    report,
    out,
    ...(width !== undefined && { widthPx: Number(width) }),
    colorScheme: scheme === 'dark' ? 'dark' : 'light',
  });
  process.stdout.write(`${JSON.stringify(behaviour)}\n`);
}
