import { RepositorySettings } from '#components/settings/repository-settings.tsx'
import { ForThose } from '#components/settings/settings-frame.tsx'

export const metadata = { title: 'Repository' }

export default function Page() {
  return (
    <ForThose permission="settings:read">
      <RepositorySettings />
    </ForThose>
  )
}
