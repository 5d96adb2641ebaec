/** What the password of a registry is sealed for: moved to another row or host it cannot be opened. */
export function registryBinding({ id, host }: { id: string; host: string }): string {
  return `registry-credential ${id} ${host}`
}

/** The same for a secret of a notification channel, `name` being which. */
export function channelBinding({ id, host }: { id: string; host: string }, name: string): string {
  return `notify-channel ${id} ${host} ${name}`
}

/** What the secret of a webhook is encrypted for: moved to another row it cannot be read. */
export const webhookBinding = (id: string): string => `webhook ${id}`

/** What the private half of a deploy key is sealed for. Whatever host asks: a signature is of no use to another one. */
export const deployKeyBinding = (id: string): string => `deploy-key ${id}`

/** What a credential of the config repository is sealed for. */
export function connectionBinding({ id, host }: { id: string; host: string }): string {
  return `repository ${id} ${host}`
}
