import { ReleaseSummary } from '#components/releases/release-summary.tsx'

export const metadata = { title: 'Release' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <ReleaseSummary id={decodeURIComponent(id)} />
}
