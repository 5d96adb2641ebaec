import { Clusters } from '#components/settings/clusters.tsx'
import { ForThose } from '#components/settings/settings-frame.tsx'

export const metadata = { title: 'Clusters' }

export default function Page() {
  return (
    <ForThose permission="settings:read">
      <Clusters />
    </ForThose>
  )
}
