import { secretIn } from '#components/session/secret-in.ts'
import { SignIn } from '#components/session/sign-in.tsx'
import { ownPath, signInRefusals } from '#lib/core/access/index.ts'

export const metadata = { title: 'Sign in', referrer: 'no-referrer' as const }

type Search = Record<string, string | string[] | undefined>

export default async function Page({ searchParams }: { searchParams: Promise<Search> }) {
  const search = await searchParams
  const one = (name: string) => [search[name]].flat()[0]
  const refused = signInRefusals.find((known) => known === one('refused'))
  return <SignIn link={secretIn(one('link') ?? '')} next={ownPath(one('next'))} refused={refused} />
}
