import { Notifications } from '#components/notifications/notifications.tsx'
import { ForThose } from '#components/settings/settings-frame.tsx'

export const metadata = { title: 'Notifications' }

export default function Page() {
  return (
    <ForThose permission="settings:read">
      <Notifications />
    </ForThose>
  )
}
