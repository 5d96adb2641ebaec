/** The newest word about one check of one plan. */
export interface CheckRecord {
  promotion: string
  name: string
  /** `host`: a status or check of the commit; `told`: reported to the promotion. */
  origin: 'host' | 'told'
  /** The plan it is about. */
  planDigest: string
  state: 'pending' | 'success' | 'failure'
  description?: string
  url?: string
  /** Who reported it. */
  by?: string
  at: number
}

export interface CheckStore {
  /** A newer word of the same origin about the same check and plan takes the place of the one before. */
  saveCheck(record: CheckRecord): Promise<void>
  /** Of all its plans. */
  listChecks(promotion: string): Promise<CheckRecord[]>
}
