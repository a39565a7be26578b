import type { NotificationResult } from '../domain/notification.ts';

export interface NotifyConfiguration {
  webhook?: { url: string; secret?: string };
  slack?: { url: string };
  ping?: { url: string };
  prometheus?: { file: string };
  /** Where the reports of the night are to be seen. */
  link?: string;
  /** For each channel, all its tries together. */
  timeLimitMs: number;
  /** Channels that were asked for with a value that cannot be used. */
  problems: NotificationResult[];
}

const defaultSeconds = 30;

/**
 * What the environment asks for: `FIREDRILL_WEBHOOK_URL` and `FIREDRILL_WEBHOOK_SECRET`, `FIREDRILL_SLACK_WEBHOOK_URL`,
 * `FIREDRILL_PING_URL`, `FIREDRILL_PROMETHEUS_FILE`, `FIREDRILL_REPORT_LINK` (without it the page of the job, where
 * GitHub or GitLab runs it), `FIREDRILL_NOTIFY_SECONDS` (30). A value that cannot be used is a result that failed, never
 * an error: a wrong address must not cost a night its drills.
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): NotifyConfiguration {
  const problems: NotificationResult[] = [];
  const address = (name: string, channel: 'webhook' | 'slack' | 'ping'): { url: string } | undefined => {
    const value = environment[name];
    if (value === undefined || value === '') return undefined;
    if (isWebAddress(value)) return { url: value };
    problems.push({ channel, outcome: 'failed', attempts: 0, detail: `${name} is no http or https address` });
    return undefined;
  };
  const webhook = address('FIREDRILL_WEBHOOK_URL', 'webhook');
  const secret = environment['FIREDRILL_WEBHOOK_SECRET'];
  const slack = address('FIREDRILL_SLACK_WEBHOOK_URL', 'slack');
  const ping = address('FIREDRILL_PING_URL', 'ping');
  const file = environment['FIREDRILL_PROMETHEUS_FILE'];
  const link = linkOf(environment);
  return {
    ...(webhook && { webhook: { ...webhook, ...(secret && { secret }) } }),
    ...(slack && { slack }),
    ...(ping && { ping }),
    ...(file && { prometheus: { file } }),
    ...(link !== undefined && { link }),
    timeLimitMs: secondsOf(environment['FIREDRILL_NOTIFY_SECONDS']) * 1000,
    problems,
  };
}

/** The page of the job by the variables that GitHub Actions and GitLab CI document, where none is given. */
function linkOf(environment: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment;
  const onGitHub = server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
  const link = environment['FIREDRILL_REPORT_LINK'] || onGitHub || environment['CI_JOB_URL'];
  if (!link || !isWebAddress(link)) return undefined;
  return new URL(link).href.replaceAll('(', '%28').replaceAll(')', '%29');
}

function isWebAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

function secondsOf(value: string | undefined): number {
  const seconds = Number(value);
  return value !== undefined && seconds >= 1 && seconds <= 600 ? seconds : defaultSeconds;
}
