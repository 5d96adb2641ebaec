/** Text behind a URL that a document names. */
export interface RemoteText {
  /** undefined = there is nothing (404, 410). Throws Fault `unavailable` (retryable where trying again may help). */
  read(url: string): Promise<string | undefined>
}
