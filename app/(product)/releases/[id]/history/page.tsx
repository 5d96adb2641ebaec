import { ReleaseHistory } from '#components/history/release-history.tsx'

export const metadata = { title: 'History' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <ReleaseHistory id={decodeURIComponent(id)} />
}
