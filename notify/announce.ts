import { randomUUID } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import { messageOf } from '../domain/drill-error.ts';
import type { NightlySummary } from '../domain/nightly.ts';
import type { NotificationResult } from '../domain/notification.ts';
import type { NotifyConfiguration } from './configuration.ts';
import { slackBody, webhookBody } from './messages.ts';
import { send, type SendOptions } from './send.ts';
import { signatureHeaders } from './sign.ts';
import { writeMetrics } from './write-metrics.ts';

const json = { 'content-type': 'application/json' };

/**
 * Tells a night to every channel that is configured, all at once, each within the time limit. Never rejects and never
 * judges: what failed is in the result. The ping is sent for a green night alone, so that its absence raises the alarm.
 */
export async function announce(
  summary: NightlySummary,
  configuration: NotifyConfiguration,
  { clock, firstPauseMs }: { clock: Clock } & Pick<SendOptions, 'firstPauseMs'>,
): Promise<NotificationResult[]> {
  const { webhook, slack, ping, prometheus, link, timeLimitMs, problems } = configuration;
  const options = { timeLimitMs, ...(firstPauseMs !== undefined && { firstPauseMs }) };
  return [
    ...problems,
    ...(await Promise.all([
      ...(webhook ? [toWebhook(webhook, webhookBody(summary, link), { clock, options })] : []),
      ...(slack
        ? [
            send(
              { channel: 'slack', url: slack.url, method: 'POST', headers: () => json, body: slackBody(summary, link) },
              options,
            ),
          ]
        : []),
      ...(ping ? [toPing(ping.url, summary, options)] : []),
      ...(prometheus ? [toPrometheus(prometheus.file, summary)] : []),
    ])),
  ];
}

async function toWebhook(
  { url, secret }: NonNullable<NotifyConfiguration['webhook']>,
  body: string,
  { clock, options }: { clock: Clock; options: SendOptions },
): Promise<NotificationResult> {
  // The same for every try: by it a receiver knows a message that it has had already.
  const delivery = { 'x-firedrill-delivery': randomUUID() };
  const headers = (): Record<string, string> => ({
    ...json,
    ...delivery,
    ...(secret !== undefined && signatureHeaders(body, secret, clock.now())),
  });
  const result = await send({ channel: 'webhook', url, method: 'POST', headers, body }, options);
  if (secret !== undefined || result.outcome !== 'sent') return result;
  return { ...result, detail: 'not signed: FIREDRILL_WEBHOOK_SECRET is not set' };
}

async function toPing(
  url: string,
  { verdict, rows }: NightlySummary,
  options: SendOptions,
): Promise<NotificationResult> {
  const sabotaged = rows.some(({ sabotage }) => sabotage !== undefined);
  if (verdict === 'pass' && !sabotaged) {
    return await send({ channel: 'ping', url, method: 'GET', headers: () => ({}) }, options);
  }
  const why = sabotaged ? 'the night was sabotaged' : `the verdict is ${verdict ?? 'none, nothing was run'}`;
  return { channel: 'ping', outcome: 'skipped', attempts: 0, detail: why };
}

async function toPrometheus(file: string, summary: NightlySummary): Promise<NotificationResult> {
  try {
    await writeMetrics(file, summary);
    return { channel: 'prometheus', outcome: 'sent', attempts: 1 };
  } catch (error) {
    return { channel: 'prometheus', outcome: 'failed', attempts: 1, detail: messageOf(error) };
  }
}
