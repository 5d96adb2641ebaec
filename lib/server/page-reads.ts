import { cookies } from 'next/headers'
import type { Caller } from '#lib/operations/read/caller.ts'
import { bySession } from './authenticate.ts'
import { cookieName } from './session-cookie.ts'
import { webDeps } from './web-deps.ts'
import type { WebDeps } from './web-deps.ts'

/** For server components: who looks at the page, by the session cookie; undefined = not signed in. */
export async function pageCaller(): Promise<Caller | undefined> {
  const deps = webDeps()
  return bySession(deps, (await cookies()).get(cookieName(deps))?.value)
}

/** Runs a read operation for a page with the person of its cookie; undefined = not signed in. Faults pass through. */
export async function pageRead<T>(read: (deps: WebDeps, caller: Caller) => T | Promise<T>): Promise<T | undefined> {
  const caller = await pageCaller()
  return caller && read(webDeps(), caller)
}
