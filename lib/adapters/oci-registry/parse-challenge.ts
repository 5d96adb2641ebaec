/** What a registry asks for in `WWW-Authenticate` (RFC 9110 §11.6.1, distribution's token specification). */
export type Challenge = { kind: 'basic' } | { kind: 'bearer'; realm: URL; service?: string }

/** The first challenge that can be met: Bearer before Basic. */
export function parseChallenge(header: string | null): Challenge | undefined {
  if (header === null || header.length > 4000) return undefined
  const bearer = /(?:^|,\s*)Bearer\s+(.*)$/i.exec(header)
  if (bearer) {
    const parameters = new Map<string, string>()
    for (const match of String(bearer[1]).matchAll(/([a-z_]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gi)) {
      const key = String(match[1]).toLowerCase()
      if (!parameters.has(key)) parameters.set(key, match[2] ?? match[3] ?? '')
    }
    const realm = parameters.get('realm') ?? ''
    if (URL.canParse(realm)) return { kind: 'bearer', realm: new URL(realm), service: parameters.get('service') }
  }
  return /(?:^|,\s*)Basic(\s|$)/i.test(header) ? { kind: 'basic' } : undefined
}
