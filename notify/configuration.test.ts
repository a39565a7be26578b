import { expect, test } from 'vitest';
import { readConfiguration } from './configuration.ts';

test('nothing set: nothing told, half a minute for each channel', () => {
  expect(readConfiguration({ FIREDRILL_PING_URL: '', FIREDRILL_PROMETHEUS_FILE: '' })).toEqual({
    timeLimitMs: 30_000,
    problems: [],
  });
});

test.for([
  ['12', 12_000],
  ['0', 30_000],
  ['-3', 30_000],
  ['soon', 30_000],
  ['100000', 30_000],
] as const)('a limit of `%s` seconds', ([value, expected]) => {
  expect(readConfiguration({ FIREDRILL_NOTIFY_SECONDS: value }).timeLimitMs).toBe(expected);
});

test('the link: the one that is given, else the page of the job', () => {
  const github = { GITHUB_SERVER_URL: 'https://git.example', GITHUB_REPOSITORY: 'we/it', GITHUB_RUN_ID: '7' };
  const linkOf = (environment: NodeJS.ProcessEnv): string | undefined => readConfiguration(environment).link;
  expect(linkOf(github)).toBe('https://git.example/we/it/actions/runs/7');
  expect(linkOf({ CI_JOB_URL: 'https://lab.example/jobs/7' })).toBe('https://lab.example/jobs/7');
  expect(linkOf({ ...github, FIREDRILL_REPORT_LINK: 'https://x.example/a(b)' })).toBe('https://x.example/a%28b%29');
  expect(linkOf({ FIREDRILL_REPORT_LINK: 'javascript:alert(1)' })).toBeUndefined();
  expect(linkOf({})).toBeUndefined();
});
