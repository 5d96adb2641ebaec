import { ReleaseActivity } from '#components/releases/release-activity.tsx'

export const metadata = { title: 'Activity' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <ReleaseActivity id={decodeURIComponent(id)} />
}
