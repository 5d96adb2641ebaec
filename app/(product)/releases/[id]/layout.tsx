import type { ReactNode } from 'react'
import { ReleaseFrame } from '#components/releases/release-frame.tsx'

export default async function ReleaseLayout({
  params,
  children,
}: {
  params: Promise<{ id: string }>
  children: ReactNode
}) {
  const { id } = await params
  return <ReleaseFrame id={decodeURIComponent(id)}>{children}</ReleaseFrame>
}
