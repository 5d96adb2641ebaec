import { Fault } from '#lib/core/fault/index.ts'
import { parseHostKey } from '#lib/core/ssh/index.ts'
import type { HostKeyRecord } from '#lib/ports/store/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import type { RequestDeps } from './run-command.ts'

/** Trusts this key of a host, in place of the one of its type. Throws Fault `invalid` for what is none. */
export async function pinHostKey(
  deps: RequestDeps,
  caller: Caller,
  { line }: { line: string },
): Promise<HostKeyRecord> {
  ask(caller, 'settings:write')
  const key = parseHostKey(line)
  const at = deps.clock.now()
  const record = { id: deps.newId('hky'), ...key, pinnedAt: at, pinnedBy: caller.email }
  await deps.store.transaction(async (store) => {
    const known = (await store.listHostKeys()).find(({ host, type }) => host === key.host && type === key.type)
    if (known) await store.removeHostKey(known.id)
    await store.pinHostKey(record)
    const data = { type: key.type, fingerprint: key.fingerprint, before: known?.fingerprint }
    await store.record([{ at, kind: 'host-key.pinned', actor: caller.email, subject: key.host, data }])
  })
  return record
}

/** The next key that the host shows is then trusted. Throws `not-found`. */
export async function forgetHostKey(deps: RequestDeps, caller: Caller, id: string): Promise<{ removed: true }> {
  ask(caller, 'settings:write')
  const known = (await deps.store.listHostKeys()).find((key) => key.id === id)
  if (!known) throw new Fault('not-found', 'There is no such host key.')
  const { host, type, fingerprint } = known
  const at = deps.clock.now()
  await deps.store.transaction(async (store) => {
    await store.removeHostKey(id)
    const data = { type, fingerprint }
    await store.record([{ at, kind: 'host-key.forgotten', actor: caller.email, subject: host, data }])
  })
  return { removed: true }
}
