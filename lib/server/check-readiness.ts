import { Fault } from '#lib/core/fault/index.ts'
import { json } from './respond.ts'
import type { RawGiven } from './route.ts'

const patienceMs = 3000

/** Ready = the database answers in time. Throws `database-unreachable` otherwise. */
export async function checkReadiness({ deps }: Pick<RawGiven, 'deps'>): Promise<Response> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Fault('database-unreachable', 'The database does not answer.')), patienceMs)
  try {
    await Promise.race([deps.store.outboxHead(), late])
    return json({ status: 'ok' })
  } finally {
    clearTimeout(timer)
  }
}
