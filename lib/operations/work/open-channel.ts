import { channelBinding, openSealed } from '#lib/core/credential/index.ts'
import { secretNames, type ChannelConfig, type ChannelSecrets } from '#lib/core/notification/index.ts'
import type { OpenChannel } from '#lib/ports/notifier.ts'
import type { ChannelRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'

/** A channel with its secrets. Throws Fault `invalid` where they were sealed for another worker, row or host. */
export function openChannel<Config extends ChannelConfig>(
  { settings }: Pick<WorkerDeps, 'settings'>,
  channel: Pick<ChannelRecord, 'id' | 'host' | 'sealed'> & { config: Config },
): Omit<OpenChannel, 'config'> & { config: Config } {
  const seed = Buffer.from(settings.credentialSeed, 'base64url')
  const secrets: ChannelSecrets = {}
  for (const name of secretNames) {
    const sealed = channel.sealed[name]
    if (sealed !== undefined) secrets[name] = openSealed(seed, sealed, channelBinding(channel, name))
  }
  return { host: channel.host, config: channel.config, secrets }
}
