/** The secret of a one-time link, given whole or bare; undefined = there is none in it. */
export function secretIn(text: string): string | undefined {
  const given = text.trim()
  const secret = URL.canParse(given) ? (new URL(given).searchParams.get('link') ?? '') : given
  return secret.length >= 16 && secret.length <= 200 && !/\s/.test(secret) ? secret : undefined
}
