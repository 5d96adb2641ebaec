import { ForThose } from '#components/settings/settings-frame.tsx'
import { Webhooks } from '#components/settings/webhooks.tsx'

export const metadata = { title: 'Webhooks' }

export default function Page() {
  return (
    <ForThose permission="webhooks:read">
      <Webhooks />
    </ForThose>
  )
}
