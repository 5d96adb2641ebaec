/** Hashes of passwords that are slow to guess. */
export interface Passwords {
  /** Text with everything that is needed to verify it later: method, cost, salt, hash. */
  hash(password: string): Promise<string>
  /** False for a hash nobody can read, and, after the same time, where there is none. */
  verify(password: string, encoded: string | undefined): Promise<boolean>
}
