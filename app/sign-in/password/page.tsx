import { ChoosePassword } from '#components/session/choose-password.tsx'
import { secretIn } from '#components/session/secret-in.ts'

export const metadata = { title: 'Choose your password', referrer: 'no-referrer' as const }

type Search = Record<string, string | string[] | undefined>

export default async function Page({ searchParams }: { searchParams: Promise<Search> }) {
  const { link } = await searchParams
  return <ChoosePassword link={secretIn([link].flat()[0] ?? '')} />
}
