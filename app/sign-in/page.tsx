import { safeNext, secretIn } from '#components/session/secret-in.ts'
import { SignIn } from '#components/session/sign-in.tsx'

export const metadata = { title: 'Sign in', referrer: 'no-referrer' as const }

type Search = Record<string, string | string[] | undefined>

export default async function Page({ searchParams }: { searchParams: Promise<Search> }) {
  const search = await searchParams
  const one = (name: string) => [search[name]].flat()[0]
  return <SignIn link={secretIn(one('link') ?? '')} next={safeNext(one('next'))} />
}
