export { sentence } from './sentence.ts'

/**
 * Something about the user's input or world that a person has to see and can mend.
 * A problem is data, never thrown; a fault (`core/fault`) is thrown.
 */
export interface Problem {
  /** Stable, kebab-case: `yaml-invalid`, `policy-semver-invalid`, `field-not-honoured`. */
  code: string
  /** `error` blocks what it is about; `warning` only informs. */
  severity: 'error' | 'warning'
  /** One sentence, in the user's words, without secrets. */
  message: string
  /** The next step, as one sentence. */
  suggestion?: string
  /** File in the config repository, relative to its root. */
  path?: string
  /** 1-based. */
  line?: number
  /** 1-based. */
  column?: number
  /** Object id (`dev:helmrelease/podinfo-dev`) or container name the problem is about. */
  subject?: string
}
