import { ReleaseImages } from '#components/images/release-images.tsx'

export const metadata = { title: 'Images of a release' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <ReleaseImages id={decodeURIComponent(id)} />
}
