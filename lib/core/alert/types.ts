/** An incident that is to be open now; one per key, updated in place, over when nobody wants it any more. */
export interface WantedAlert {
  /** Begins with its scope, such as `release rel-1 `: what one condition can raise is settled together. */
  key: string
  kind: string
  severity: 'critical' | 'warning'
  /** Release id, where it is about one. */
  release?: string
  environment?: string
  /** What is wrong, without a full stop. */
  title: string
  /** What is known of it, in sentences. */
  detail: string
  /** What a person can do, as one sentence. */
  nextStep: string
}

/** What a scope comes to: incidents to have open, and keys of those about which nothing can be said just now. */
export interface AlertVerdict {
  wanted: WantedAlert[]
  /** Neither opened nor ended: what they are about is on its way, or could not be looked at. */
  kept: string[]
}
