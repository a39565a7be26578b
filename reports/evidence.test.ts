import { expect, test } from 'vitest';
import { byHandChecks } from '../domain/evidence.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { sampleRecord } from './sample-records.test-data.ts';

const numbered = { ...sampleRecord('passing'), sequence: 7 };
const commands = byHandChecks().map(({ command }) => command);

test('the report prints the commands that verify it, letter by letter', async () => {
  const fences = [...renderMarkdown(numbered).matchAll(/```sh\n([\s\S]*?)\n```/g)].map(([, text]) => text);
  expect(fences).toEqual(commands);
  const html = await renderHtml(numbered);
  const printed = [...html.matchAll(/<pre><code>([\s\S]*?)<\/code><\/pre>/g)].map(([, text = '']) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&'),
  );
  expect(printed).toEqual(commands);
});

test('a run of which no ledger was kept says so', () => {
  const { sequence, ...rest } = numbered;
  expect(sequence).toBe(7);
  expect(renderMarkdown(rest)).toContain('No ledger was kept of this run, so its folder was not sealed.');
});
