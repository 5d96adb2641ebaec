import type { OperationName } from './operations.ts'

/** What the API answers instead. */
export type ApiFault =
  /** The hourly budget is used up, until so many milliseconds from now. */
  | { kind: 'primary-limit'; resetInMs: number }
  /** `status` 403 or 429. Without `retryAfterSeconds` it only says so in words. */
  | { kind: 'secondary-limit'; status: 403 | 429; retryAfterSeconds?: number }
  | { kind: 'error'; status: number }
  /** What is asked for happens, but the answer says that GitHub is down. */
  | { kind: 'lost-answer' }
  | { kind: 'redirect'; to: string }
  /** Takes the request and never answers. */
  | { kind: 'silence' }

interface Planned {
  /** Absent = whatever comes next. */
  operation: OperationName | undefined
  act: ApiFault | (() => Promise<unknown>)
  times: number
}

/** What is to go wrong, and what others do in between, in the order in which it was asked for. */
export class Faults {
  readonly #planned: Planned[] = []

  /** The next `times` calls (of that operation) are answered by the fault. */
  plan(fault: ApiFault, { operation, times = 1 }: { operation?: OperationName; times?: number } = {}): void {
    this.#planned.push({ operation, act: fault, times })
  }

  /** Runs once, right before the operation is answered: what somebody else does meanwhile. */
  before(operation: OperationName, work: () => Promise<unknown>): void {
    this.#planned.push({ operation, act: work, times: 1 })
  }

  clear(): void {
    this.#planned.length = 0
  }

  async take(operation: OperationName): Promise<ApiFault | undefined> {
    for (;;) {
      const planned = this.#planned.find((one) => one.operation === undefined || one.operation === operation)
      if (!planned) return undefined
      planned.times -= 1
      if (planned.times <= 0) this.#planned.splice(this.#planned.indexOf(planned), 1)
      if (typeof planned.act !== 'function') return planned.act
      await planned.act()
    }
  }
}
