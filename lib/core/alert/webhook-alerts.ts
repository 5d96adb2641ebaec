import type { WantedAlert } from './types.ts'

export const webhookScope = (repository: string): string => `webhook ${repository} `

/** Milliseconds that a host may take to tell of a commit that polling has found. */
export const announcementMs = 60_000

/** What is known of a commit that polling found, once its announcement should have come. */
export interface FoundCommit {
  commit: string
  /** Some delivery said that the branch stands there. */
  announced: boolean
  /** GitHub has delivered before: there is something to be missed. */
  hadDeliveries: boolean
}

/** A webhook that used to deliver and no longer does: whoever relies on it waits for a poll without knowing. */
export function webhookAlerts(repository: string, { commit, announced, hadDeliveries }: FoundCommit): WantedAlert[] {
  if (announced || !hadDeliveries) return []
  return [
    {
      key: `${webhookScope(repository)}silent`,
      kind: 'webhook-silent',
      severity: 'warning',
      title: 'The webhook of the config repository is silent',
      detail: `Polling found ${commit.slice(0, 7)}, of which no delivery told within a minute. Pushes are seen later than they could be.`,
      nextStep:
        'Look at the recent deliveries in the settings of the webhook at GitHub: it may be switched off, not reach Wheelhouse, or sign with another secret.',
    },
  ]
}
