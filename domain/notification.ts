/** Where the verdict of a night is told. */
export type NotificationChannel = 'webhook' | 'slack' | 'ping' | 'prometheus';

/** What became of telling it. It never changes a verdict. */
export interface NotificationResult {
  channel: NotificationChannel;
  outcome: 'sent' | 'failed' | 'skipped';
  /** How often it was tried. */
  attempts: number;
  /** Why it failed or was skipped, or what has to be said of it. Holds no address and no secret. */
  detail?: string;
}
