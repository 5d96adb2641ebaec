/** Hand-offs between loops and processes: delivered at least once to whoever listens now, never stored. */
export interface Wakeups {
  /** `key` narrows the topic (release id, repository name); '' = all. */
  wake(topic: WakeTopic, key?: string): void
  /** Returns the function that stops listening. */
  on(topic: WakeTopic, listener: (key: string) => void): () => void
}

export const wakeTopics = [
  'fetch',
  'snapshot',
  'apply',
  'release',
  'health',
  'revision',
  'scan',
  'tags',
  'automate',
  'write',
  'promote',
  'propose',
  'gates',
  'command',
  'outbox',
  'alert',
  'notify',
  'heartbeat',
  'host',
  'webhook',
  'connection',
] as const
export type WakeTopic = (typeof wakeTopics)[number]
