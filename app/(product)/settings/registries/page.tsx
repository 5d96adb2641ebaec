import { Registries } from '#components/settings/registries.tsx'
import { ForThose } from '#components/settings/settings-frame.tsx'

export const metadata = { title: 'Registries' }

export default function Page() {
  return (
    <ForThose permission="settings:read">
      <Registries />
    </ForThose>
  )
}
