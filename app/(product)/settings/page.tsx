import { ForThose } from '#components/settings/settings-frame.tsx'
import { Installation } from '#components/settings/installation.tsx'

export const metadata = { title: 'Settings' }

export default function Page() {
  return (
    <ForThose permission="settings:read">
      <Installation />
    </ForThose>
  )
}
