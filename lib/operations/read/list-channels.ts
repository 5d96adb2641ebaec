import type { SecretName } from '#lib/core/notification/index.ts'
import type { ChannelRecord, RuleRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

/** Without the secrets, sealed or not; `secrets` names those that were entered. */
export interface ShownChannel extends Omit<ChannelRecord, 'sealed'> {
  secrets: SecretName[]
}

export function shownChannel({ sealed, ...channel }: ChannelRecord): ShownChannel {
  return { ...channel, secrets: Object.keys(sealed) as SecretName[] }
}

export async function listChannels(
  deps: { store: Pick<Store, 'listChannels'> },
  caller: Caller,
): Promise<{ items: ShownChannel[] }> {
  ask(caller, 'settings:read')
  return { items: (await deps.store.listChannels()).map(shownChannel) }
}

export async function listRules(
  deps: { store: Pick<Store, 'listRules'> },
  caller: Caller,
): Promise<{ items: RuleRecord[] }> {
  ask(caller, 'settings:read')
  return { items: await deps.store.listRules() }
}
